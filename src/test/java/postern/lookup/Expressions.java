package postern.lookup;

import java.util.Random;

/// Expressions at random: mostly of the grammar, now and then noise.
final class Expressions {
    private static final String LETTERS = "aabbcABx0 _-,";

    private Expressions() {}

    static String posix(Random random) {
        String flags = pick(random, "", "", "", "i", "m", "x", "ix");
        String text = flags.contains("x") ? new Posix(random, false).regex(3) : new Posix(random, true).regex(3);
        return "/" + text + "/" + flags;
    }

    static String perl(Random random) {
        return "/" + new Perl(random).regex(3) + "/"
                + pick(random, "", "", "", "i", "m", "s", "x", "A", "E", "U", "ix");
    }

    static String pick(Random random, String... of) {
        return of[random.nextInt(of.length)];
    }

    private static String letter(Random random) {
        return String.valueOf(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }

    private static String noise(Random random, String alphabet) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private record Posix(Random random, boolean extended) {
        String regex(int depth) {
            StringBuilder text = new StringBuilder();
            int branches = 1 + random.nextInt(depth > 0 ? 3 : 1) / 2;
            for (int i = 0; i < branches; i++) {
                text.append(i > 0 ? op("|") : "");
                for (int j = random.nextInt(4); j >= 0; j--) {
                    text.append(piece(depth));
                }
            }
            return text.toString();
        }

        private String op(String operator) {
            return extended ? operator : "\\" + operator;
        }

        private String piece(int depth) {
            return switch (random.nextInt(20)) {
                case 0 -> "^";
                case 1 -> "$";
                case 2 -> pick(random, "\\b", "\\<", "\\>", "\\B", "\\`", "\\'");
                case 3 -> noise(random, "ab*+?{}()|\\[]^$.,1-2").replaceAll("\\\\$", "");
                default -> atom(depth) + (random.nextInt(3) == 0 ? repetition() : "");
            };
        }

        private String repetition() {
            String one = switch (random.nextInt(6)) {
                case 0 -> op("+");
                case 1 -> op("?");
                case 2 -> op("{") + pick(random, "0", "1", "2", "1,", ",2", "1,2", "2,1", ",", "") + op("}");
                default -> "*";
            };
            return random.nextInt(8) == 0 ? one + repetition() : one;
        }

        private String atom(int depth) {
            return switch (random.nextInt(12)) {
                case 0 -> ".";
                case 1 -> pick(random, "\\w", "\\W", "\\s", "\\S", "\\1", "\\d", "\\.", "\\{", "\\*", "\\/", "\\-");
                case 2, 3 -> bracket();
                case 4, 5 -> depth > 0 ? op("(") + regex(depth - 1) + op(")") : letter(random);
                default -> letter(random);
            };
        }

        private String bracket() {
            StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "[^" : "[");
            text.append(random.nextInt(6) == 0 ? "]" : "");
            for (int i = random.nextInt(3); i >= 0; i--) {
                text.append(pick(
                        random,
                        "a",
                        "b",
                        "B",
                        "a-c",
                        "0-9",
                        "[:alpha:]",
                        "[:upper:]",
                        "[:digit:]",
                        "[:space:]",
                        "\\",
                        "-",
                        "[.-.]",
                        "[=a=]",
                        "c-a",
                        "^",
                        "[",
                        ".",
                        "a-",
                        "[:punct:]"));
            }
            return text.append("]").toString();
        }
    }

    private record Perl(Random random) {
        String regex(int depth) {
            StringBuilder text = new StringBuilder();
            int branches = 1 + random.nextInt(depth > 0 ? 3 : 1) / 2;
            for (int i = 0; i < branches; i++) {
                text.append(i > 0 ? "|" : "");
                for (int j = random.nextInt(4); j >= 0; j--) {
                    text.append(piece(depth));
                }
            }
            return text.toString();
        }

        private String piece(int depth) {
            return switch (random.nextInt(24)) {
                case 0 -> "^";
                case 1 -> "$";
                case 2 -> pick(random, "\\b", "\\B", "\\A", "\\Z", "\\z", "\\G");
                case 3 -> noise(random, "ab*+?{}()|\\[]^$.,1-2#").replaceAll("\\\\$", "");
                case 4 ->
                    pick(
                            random,
                            "(?i)",
                            "(?-i)",
                            "(?s)",
                            "(?m)",
                            "(?x)",
                            "(?U)",
                            "(?-U)",
                            "(?#no)",
                            "\\Qa.b\\E",
                            "\\E");
                default -> atom(depth) + (random.nextInt(3) == 0 ? repetition() : "");
            };
        }

        private String repetition() {
            String one = pick(random, "*", "*", "+", "?", "{2}", "{1,}", "{0,2}", "{,2}", "{2,1}", "{}", "{a}", "{0}");
            return one + (random.nextInt(3) == 0 ? pick(random, "?", "+", "*", "{2}", "{1,2}") : "");
        }

        private String atom(int depth) {
            return switch (random.nextInt(14)) {
                case 0 -> ".";
                case 1 ->
                    pick(random, "\\w", "\\W", "\\s", "\\S", "\\d", "\\D", "\\h", "\\v", "\\N", "\\R", "\\X", "\\H");
                case 2 -> pick(random, "\\1", "\\2", "\\g{1}", "\\g{-1}", "\\g1", "\\k<n>", "(?P=n)", "\\10", "\\012");
                case 3 ->
                    pick(
                            random,
                            "\\x41",
                            "\\x{61}",
                            "\\x",
                            "\\e",
                            "\\.",
                            "\\{",
                            "\\/",
                            "\\-",
                            "\\cA",
                            "\\o{141}",
                            "\\061",
                            "\\pL",
                            "\\p{Lu}",
                            "\\P{Nd}",
                            "\\p{^L}",
                            "\\y",
                            "\\Z");
                case 4, 5 -> bracket();
                case 6, 7, 8 -> depth > 0 ? group(depth) : letter(random);
                default -> letter(random);
            };
        }

        private String group(int depth) {
            return pick(
                            random, "(", "(", "(", "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?i:", "(?<n>",
                            "(?P<n>", "(?'m'", "(?x-i:", "(?s:")
                    + regex(depth - 1) + ")";
        }

        private String bracket() {
            StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "[^" : "[");
            text.append(random.nextInt(6) == 0 ? "]" : "");
            for (int i = random.nextInt(3); i >= 0; i--) {
                text.append(pick(
                        random,
                        "a",
                        "b",
                        "B",
                        "a-c",
                        "0-9",
                        "[:alpha:]",
                        "[:upper:]",
                        "[:^lower:]",
                        "[:word:]",
                        "\\\\",
                        "-",
                        "\\d",
                        "\\W",
                        "c-a",
                        "^",
                        "[",
                        ".",
                        "a-",
                        "\\b",
                        "\\x41-\\x43",
                        "&&",
                        "[b]",
                        "a-\\d",
                        "\\]",
                        "#",
                        " ",
                        "\\pL",
                        "[:foo:]",
                        "\\Qa-c\\E",
                        "\\n",
                        "\\061",
                        "\\-"));
            }
            return text.append("]").toString();
        }
    }
}
