package postern.smtp.extension;

import postern.smtp.Extension;

/// CHUNKING (RFC 3030): the text in counted pieces, with BDAT. BINARYMIME is not offered.
public final class Chunking implements Extension {
    @Override
    public String keyword() {
        return "CHUNKING";
    }
}
