package postern.rewrite;

import java.util.Arrays;
import java.util.List;
import postern.address.Address;

/// Addresses between commas, as tables hold them.
final class AddressList {
    private AddressList() {}

    static List<Address> parse(String text) {
        return Arrays.stream(text.split("[,\\s]+"))
                .filter(word -> !word.isEmpty())
                .map(Address::ofInternal)
                .toList();
    }
}
