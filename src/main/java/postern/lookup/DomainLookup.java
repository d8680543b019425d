package postern.lookup;

/// Looks up a host or domain name and then its parents, in the order of access(5) and transport(5).
final class DomainLookup {
    private DomainLookup() {}

    /// @param whole whether the name itself is a whole key (a client's host name) or already a part (an
    ///     address's domain)
    static Lookup find(Table table, String name, boolean whole, MatchList.Parents parents) {
        String rest = name;
        Lookup answer = whole ? table.find(rest) : table.findPart(rest);
        // A bare address has no parents.
        boolean hasParents = parents != MatchList.Parents.NONE && IpText.parse(name) == null;
        while (answer instanceof Lookup.NotFound && hasParents) {
            int dot = rest.indexOf('.', 1);
            if (dot < 0) {
                break;
            }
            rest = rest.substring(parents == MatchList.Parents.PLAIN ? dot + 1 : dot);
            if (rest.isEmpty()) {
                break;
            }
            answer = table.findPart(rest);
        }
        return answer;
    }
}
