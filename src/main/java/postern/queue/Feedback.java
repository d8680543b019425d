package postern.queue;

/// How far the result of one delivery moves a destination's window: `1`, `1/concurrency`,
/// `1/sqrt_concurrency`, or any number in place of the 1 and of the word (SCHEDULER_README).
public record Feedback(double amount, double divisor, Per per) {
    /// What the amount is divided by besides the divisor.
    public enum Per {
        NOTHING,
        CONCURRENCY,
        SQRT_CONCURRENCY
    }

    /// @throws IllegalArgumentException with what would be right
    static Feedback parse(String text) {
        int slash = text.indexOf('/');
        double amount = number(slash < 0 ? text : text.substring(0, slash), text);
        if (slash < 0) {
            return new Feedback(amount, 1, Per.NOTHING);
        }
        String under = text.substring(slash + 1).strip();
        return switch (under) {
            case "concurrency" -> new Feedback(amount, 1, Per.CONCURRENCY);
            case "sqrt_concurrency" -> new Feedback(amount, 1, Per.SQRT_CONCURRENCY);
            default -> new Feedback(amount, number(under, text), Per.NOTHING);
        };
    }

    /// The step at this window, between 0 and 1.
    double at(int window) {
        double step = switch (per) {
            case NOTHING -> amount / divisor;
            case CONCURRENCY -> amount / window;
            case SQRT_CONCURRENCY -> amount / Math.sqrt(window);
        };
        return Math.min(step, 1);
    }

    private static double number(String text, String whole) {
        try {
            double value = Double.parseDouble(text.strip());
            if (value > 0 && Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("\"" + whole + "\" is not a feedback such as 1 or 1/concurrency");
    }
}
