package postern.smtp;

/// A parameter that is there or not, and has no value.
public record Flag(String keyword) implements Param<Boolean> {
    @Override
    public boolean isFlag() {
        return true;
    }

    @Override
    public Boolean parse(String text) {
        return true;
    }

    @Override
    public String format(Boolean value) {
        return "";
    }
}
