package postern.policy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/// `check_policy_service`: asks a policy server (SMTPD_POLICY_README) and does what it says, as if a table
/// had said it. A server that does not answer is `smtpd_policy_service_default_action`.
final class PolicyService implements Restriction {
    private static final int LONGEST_LINE = 4096;
    private static final int MOST_LINES = 100;

    private final PolicySettings settings;
    private final PolicyContext context;
    private final PolicyConnections connections;
    private final PolicyAttributes attributes;
    private final AccessActions actions;

    PolicyService(PolicySettings settings, PolicyContext context, PolicyAttributes attributes, AccessActions actions) {
        this.settings = settings;
        this.context = context;
        this.connections = new PolicyConnections(settings, context);
        context.connections().add(connections);
        this.attributes = attributes;
        this.actions = actions;
    }

    @Override
    public Outcome ask(Check check) {
        Subject subject = check.subject();
        String name = subject.name(check.request());
        String action = query(attributes.of(check, settings.get(PolicySettings.POLICY_CONTEXT)));
        return actions.apply(check, new AccessActions.Found(settings.server(), "policy query", subject, name), action);
    }

    private String query(byte[] request) {
        int tries = Math.max(1, settings.get(PolicySettings.TRY_LIMIT));
        for (int i = 1; ; i++) {
            try {
                return exchange(request);
            } catch (IOException e) {
                context.warn("problem talking to server " + PolicyConnections.endpointText(settings.server()) + ": "
                        + e.getMessage());
                if (i >= tries) {
                    return settings.get(PolicySettings.DEFAULT_ACTION);
                }
            }
            pause(settings.get(PolicySettings.RETRY_DELAY));
        }
    }

    /// One request and its answer. A connection that the server has closed since its last answer is no
    /// failure: another one is taken.
    private String exchange(byte[] request) throws IOException {
        while (true) {
            PolicyConnections.Open open = connections.take();
            try {
                String action = exchange(open, request);
                connections.put(open);
                return action;
            } catch (IOException e) {
                boolean expired = open.connection.deadline().expired();
                open.connection.close();
                if (expired || !open.isUsed()) {
                    throw expired ? new IOException("Connection timed out", e) : e;
                }
            }
        }
    }

    private String exchange(PolicyConnections.Open open, byte[] request) throws IOException {
        open.connection.deadline().in(settings.get(PolicySettings.TIMEOUT));
        open.connection.write(ByteBuffer.wrap(request));
        String action = null;
        for (int i = 0; i < MOST_LINES; i++) {
            String line = open.lines.read(LONGEST_LINE);
            if (line == null) {
                throw new IOException("Connection closed");
            }
            if (line.isEmpty()) {
                if (action == null) {
                    throw new IOException("the answer has no action");
                }
                return action;
            }
            if (line.startsWith("action=")) {
                action = line.substring("action=".length()).strip();
            }
        }
        throw new IOException("the answer has more than " + MOST_LINES + " lines");
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            // Nothing is ever interrupted here; a shorter pause does no harm.
        }
    }
}
