package postern.smtp;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The ESMTP parameters given with one MAIL or RCPT: immutable, typed by their [Param].
public final class Params {
    public static final Params NONE = new Params(Map.of());

    private final Map<Param<?>, Object> values;

    private Params(Map<Param<?>, Object> values) {
        this.values = values;
    }

    @SuppressWarnings("unchecked")
    public <T> @Nullable T get(Param<T> param) {
        return (T) values.get(param);
    }

    public <T> T get(Param<T> param, T otherwise) {
        T value = get(param);
        return value == null ? otherwise : value;
    }

    public boolean has(Param<?> param) {
        return values.containsKey(param);
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    public <T> Params with(Param<T> param, T value) {
        Map<Param<?>, Object> more = new LinkedHashMap<>(values);
        more.put(param, value);
        return new Params(more);
    }

    public Params without(Param<?> param) {
        if (!has(param)) {
            return this;
        }
        Map<Param<?>, Object> fewer = new LinkedHashMap<>(values);
        fewer.remove(param);
        return new Params(fewer);
    }

    /// The parameters in the order given.
    public Iterable<Param<?>> params() {
        return values.keySet();
    }

    /// ` KEYWORD=value` for one parameter, or the empty string when it was not given.
    public <T> String wire(Param<T> param) {
        T value = get(param);
        return value == null ? "" : " " + param.keyword() + (param.isFlag() ? "" : "=" + param.format(value));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Params params && params.values.equals(values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Param<?> param : values.keySet()) {
            text.append(wire(param));
        }
        return text.toString();
    }
}
