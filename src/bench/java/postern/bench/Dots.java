package postern.bench;

/// One message behind DATA: takes the stuffed dots away, by runs, and finds the end.
final class Dots {
    /// Where in a line the reader stands.
    private enum Place {
        WITHIN,
        START,
        DOT,
        DOT_CR
    }

    private final Arrival arrival;
    private Place place = Place.START;
    private boolean ended;

    Dots(Arrival arrival) {
        this.arrival = arrival;
    }

    boolean ended() {
        return ended;
    }

    /// Reads until the message ends or the bytes do; returns how far it came.
    int read(byte[] bytes, int from, int to) {
        int run = from;
        int at = from;
        while (at < to) {
            switch (place) {
                case WITHIN -> {
                    at = afterLf(bytes, at, to);
                    place = bytes[at - 1] == '\n' ? Place.START : Place.WITHIN;
                }
                case START -> {
                    place = bytes[at] == '.' ? Place.DOT : Place.WITHIN;
                    if (place == Place.DOT) {
                        arrival.piece(bytes, run, at);
                        run = ++at;
                    }
                }
                case DOT -> {
                    place = bytes[at] == '\r' ? Place.DOT_CR : Place.WITHIN;
                    run = place == Place.DOT_CR ? ++at : at;
                }
                case DOT_CR -> {
                    if (bytes[at] == '\n') {
                        ended = true;
                        return at + 1;
                    }
                    arrival.piece(new byte[] {'\r'}, 0, 1);
                    place = Place.WITHIN;
                }
            }
        }
        arrival.piece(bytes, run, to);
        return to;
    }

    private static int afterLf(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return to;
    }
}
