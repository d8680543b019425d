package postern.mailbox.transfer;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Expands bzip2: blocks of up to 900,000 bytes that were sorted (Burrows-Wheeler), moved to front, and Huffman
/// coded with up to six tables. Several files in a row are one text.
final class Bzip2Stream extends PieceStream {
    private static final long BLOCK = 0x314159265359L;
    private static final long END = 0x177245385090L;
    private static final int GROUP = 50;
    private static final int LONGEST_CODE = 20;

    private final InputStream in;
    private int bits;
    private int count;
    private int largest;

    Bzip2Stream(InputStream packed) throws IOException {
        super(packed);
        this.in = packed;
        if (!begin()) {
            throw damaged();
        }
    }

    private static IOException damaged() {
        return new IOException("its compressed text (bzip2) is damaged");
    }

    /// Reads `BZh9`; returns false at the end of the file.
    private boolean begin() throws IOException {
        count = 0;
        int first = in.read();
        if (first < 0) {
            return false;
        }
        int size = first == 'B' && in.read() == 'Z' && in.read() == 'h' ? in.read() - '0' : 0;
        if (size < 1 || size > 9) {
            throw damaged();
        }
        largest = size * 100_000;
        return true;
    }

    private int take(int wanted) throws IOException {
        while (count < wanted) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            bits = bits << 8 | next;
            count += 8;
        }
        count -= wanted;
        return bits >>> count & (1 << wanted) - 1;
    }

    @Override
    byte[] next() throws IOException {
        while (true) {
            long magic = (long) take(24) << 24 | take(24);
            int crc = take(16) << 16 | take(16);
            if (magic == BLOCK) {
                byte[] plain = block();
                if (plain.length > 0) {
                    if (crc(plain) != crc) {
                        throw damaged();
                    }
                    return plain;
                }
            } else if (magic != END) {
                throw damaged();
            } else if (!begin()) {
                return NOTHING;
            }
        }
    }

    private byte[] block() throws IOException {
        if (take(1) == 1) {
            // a block that was shuffled first: no bzip2 of this century writes it
            throw damaged();
        }
        int origin = take(24);
        byte[] symbols = symbols();
        try {
            return unsorted(origin, movedFromFront(symbols));
        } catch (ArrayIndexOutOfBoundsException e) {
            throw damaged();
        }
    }

    /// The bytes that occur.
    private byte[] symbols() throws IOException {
        int ranges = take(16);
        byte[] symbols = new byte[256];
        int found = 0;
        for (int range = 0; range < 16; range++) {
            if ((ranges >> 15 - range & 1) == 1) {
                int used = take(16);
                for (int i = 0; i < 16; i++) {
                    if ((used >> 15 - i & 1) == 1) {
                        symbols[found++] = (byte) (range * 16 + i);
                    }
                }
            }
        }
        if (found == 0) {
            throw damaged();
        }
        return Arrays.copyOf(symbols, found);
    }

    /// Which table each group of 50 codes has.
    private int[] selectors(int tables) throws IOException {
        int groups = take(15);
        int[] recent = new int[tables];
        Arrays.setAll(recent, i -> i);
        int[] selectors = new int[groups];
        for (int group = 0; group < groups; group++) {
            int place = 0;
            while (take(1) == 1) {
                place++;
            }
            int table = recent[place];
            System.arraycopy(recent, 0, recent, 1, place);
            recent[0] = table;
            selectors[group] = table;
        }
        return selectors;
    }

    /// A Huffman table.
    ///
    /// @param limit the highest code of each length; -1 for none
    /// @param offset what to take from a code of each length for its place in `sorted`
    /// @param sorted symbols by code
    private record Table(int[] limit, int[] offset, int[] sorted) {
        static Table of(int[] lengths) {
            int[] sorted = new int[lengths.length];
            int[] limit = new int[LONGEST_CODE + 1];
            int[] offset = new int[LONGEST_CODE + 1];
            int code = 0;
            int place = 0;
            for (int length = 1; length <= LONGEST_CODE; length++) {
                offset[length] = code - place;
                for (int symbol = 0; symbol < lengths.length; symbol++) {
                    if (lengths[symbol] == length) {
                        sorted[place++] = symbol;
                        code++;
                    }
                }
                limit[length] = code - 1;
                code <<= 1;
            }
            return new Table(limit, offset, sorted);
        }
    }

    private Table[] tables(int tables, int symbols) throws IOException {
        Table[] all = new Table[tables];
        for (int table = 0; table < tables; table++) {
            int[] lengths = new int[symbols];
            int length = take(5);
            for (int symbol = 0; symbol < symbols; symbol++) {
                while (take(1) == 1) {
                    length += take(1) == 0 ? 1 : -1;
                }
                if (length < 1 || length > LONGEST_CODE) {
                    throw damaged();
                }
                lengths[symbol] = length;
            }
            all[table] = Table.of(lengths);
        }
        return all;
    }

    private int code(Table table) throws IOException {
        int code = 0;
        for (int length = 1; length <= LONGEST_CODE; length++) {
            code = code << 1 | take(1);
            if (code <= table.limit[length] && code - table.offset[length] >= 0) {
                return table.sorted[code - table.offset[length]];
            }
        }
        throw damaged();
    }

    /// The sorted bytes: symbols 0 and 1 are digits of how often the last one comes again, the highest is the end.
    private byte[] movedFromFront(byte[] recent) throws IOException {
        int end = recent.length + 1;
        int tableCount = take(3);
        int[] selectors = selectors(tableCount);
        Table[] tables = tables(tableCount, recent.length + 2);
        byte[] sorted = new byte[largest];
        int length = 0;
        int again = 0;
        int digit = 1;
        for (int read = 0; ; read++) {
            int symbol = code(tables[selectors[read / GROUP]]);
            if (symbol <= 1 && digit <= largest) {
                again += digit << symbol;
                digit <<= 1;
                continue;
            }
            if (again > 0) {
                if (again > largest - length) {
                    throw damaged();
                }
                Arrays.fill(sorted, length, length + again, recent[0]);
                length += again;
                again = 0;
                digit = 1;
            }
            if (symbol == end) {
                return Arrays.copyOf(sorted, length);
            }
            byte next = recent[symbol - 1];
            System.arraycopy(recent, 0, recent, 1, symbol - 1);
            recent[0] = next;
            sorted[length++] = next;
        }
    }

    private static byte[] unsorted(int origin, byte[] sorted) throws IOException {
        int[] starts = new int[256];
        for (byte b : sorted) {
            starts[b & 0xff]++;
        }
        int sum = 0;
        for (int i = 0; i < 256; i++) {
            int those = starts[i];
            starts[i] = sum;
            sum += those;
        }
        int[] following = new int[sorted.length];
        for (int i = 0; i < sorted.length; i++) {
            following[starts[sorted[i] & 0xff]++] = i;
        }
        byte[] plain = new byte[sorted.length];
        int at = following[origin];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = sorted[at];
            at = following[at];
        }
        return repeated(plain);
    }

    /// After four equal bytes comes a count of more of them.
    private static byte[] repeated(byte[] plain) throws IOException {
        long length = 0;
        for (int pass = 0; ; pass++) {
            byte[] out = pass == 0 ? NOTHING : new byte[(int) length];
            int to = 0;
            int run = 0;
            for (int i = 0; i < plain.length; i++) {
                boolean isCount = run == 4;
                int times = isCount ? plain[i] & 0xff : 1;
                byte value = isCount ? plain[i - 1] : plain[i];
                if (pass > 0) {
                    Arrays.fill(out, to, to + times, value);
                }
                to += times;
                run = isCount ? 0 : i > 0 && run > 0 && plain[i] == plain[i - 1] ? run + 1 : 1;
            }
            if (pass > 0) {
                return out;
            }
            length = to;
        }
    }

    private static int crc(byte[] plain) {
        int crc = -1;
        for (byte b : plain) {
            crc ^= b << 24;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc < 0 ? crc << 1 ^ 0x04C11DB7 : crc << 1;
            }
        }
        return ~crc;
    }
}
