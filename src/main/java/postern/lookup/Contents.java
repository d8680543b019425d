package postern.lookup;

import java.nio.file.Path;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a table holds at present.
interface Contents<T> {
    /// The contents, or null when there are none at present.
    @Nullable
    T now();

    /// Why there are none.
    String problem();

    /// Puts a question to the contents; TempFail when there are none.
    default Lookup ask(Function<T, Lookup> question) {
        T contents = now();
        return contents == null ? new Lookup.TempFail(problem()) : question.apply(contents);
    }

    /// Contents that never change.
    record Fixed<T>(T now) implements Contents<T> {
        @Override
        public String problem() {
            return "";
        }
    }

    /// Makes contents of logical lines.
    interface Reader<T> {
        void line(String text, int number);

        T contents();
    }

    /// The rules of `type:/file` or `type:{ {rule}, {rule} }`.
    ///
    /// @param reader given how messages call the table (`cidr map /etc/postfix/networks`) and where warnings go
    static <T> Contents<T> rules(
            String type, String name, Tables tables, BiFunction<String, Consumer<String>, Reader<T>> reader) {
        TableContext context = tables.context();
        if (name.startsWith("{")) {
            Reader<T> inline = reader.apply(type + " map " + name, context::warn);
            TableLines.inline(name, inline::line);
            return new Fixed<>(inline.contents());
        }
        Path file = context.conf().file(name);
        return Watched.open(file, context, (bytes, warnings) -> {
            Reader<T> rules = reader.apply(type + " map " + file, warnings);
            TableLines.read(bytes, file.toString(), warnings, rules::line);
            return rules.contents();
        });
    }
}
