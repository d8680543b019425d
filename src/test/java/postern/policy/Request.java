package postern.policy;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Path;
import postern.net.TlsFacts;

/// What policy is told of a session, set by a test.
final class Request implements PolicyRequest {
    @Nullable
    InetAddress clientAddress = InetAddress.ofLiteral("198.51.100.1");

    String clientName = "client.example";
    String reverseClientName = "client.example";
    boolean clientNameTempFail;
    String helo = "";
    String protocol = "SMTP";

    @Nullable
    Path sender;

    @Nullable
    Address recipient;

    int recipientCount;
    long size;
    String login = "";

    @Nullable
    TlsFacts tls;

    boolean unauthorizedPipelining;

    /// From `a@b.example` to an address.
    static Request to(String recipient) {
        Request request = new Request();
        request.helo = "client.example";
        request.sender = Path.of(Address.ofInternal("a@b.example"));
        request.recipient = Address.ofInternal(recipient);
        return request;
    }

    Request client(String address) {
        clientAddress = InetAddress.ofLiteral(address);
        return this;
    }

    Request from(String address) {
        sender = address.isEmpty() ? Path.NULL : Path.of(Address.ofInternal(address));
        return this;
    }

    Request login(String name) {
        login = name;
        return this;
    }

    @Override
    public @Nullable InetAddress clientAddress() {
        return clientAddress;
    }

    @Override
    public int clientPort() {
        return 40000;
    }

    @Override
    public String clientName() {
        return clientName;
    }

    @Override
    public String reverseClientName() {
        return reverseClientName;
    }

    @Override
    public String clientLabel() {
        return clientName + "[" + Subject.address(this) + "]";
    }

    @Override
    public boolean clientNameTempFail() {
        return clientNameTempFail;
    }

    @Override
    public InetAddress serverAddress() {
        return InetAddress.ofLiteral("192.0.2.25");
    }

    @Override
    public int serverPort() {
        return 25;
    }

    @Override
    public String helo() {
        return helo;
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public @Nullable Path sender() {
        return sender;
    }

    @Override
    public @Nullable Address recipient() {
        return recipient;
    }

    @Override
    public int recipientCount() {
        return recipientCount;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public String login() {
        return login;
    }

    @Override
    public String loginMethod() {
        return login.isEmpty() ? "" : "PLAIN";
    }

    @Override
    public @Nullable TlsFacts tls() {
        return tls;
    }

    @Override
    public String queueId() {
        return "";
    }

    @Override
    public String instance() {
        return "1.2.3";
    }

    @Override
    public boolean unauthorizedPipelining() {
        return unauthorizedPipelining;
    }

    @Override
    public boolean smtpUtf8() {
        return false;
    }
}
