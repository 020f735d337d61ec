package dev.onbehalf.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.server.config.TlsConfig;
import dev.onbehalf.server.wire.StubUpstream;
import dev.onbehalf.server.wire.Wire;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP/1.1 and HTTP/2 over TLS; {@code docs/threat-model.md} attack 14. */
class TlsTest {
  @TempDir static Path made;
  private static TestCertificate first;
  private static TestCertificate second;
  private static SSLContext trust;
  @TempDir Path directory;
  private StubUpstream upstream;
  private Path certificate;
  private Path key;

  @BeforeAll
  static void makeCertificates() throws Exception {
    first = TestCertificate.make(made, "first", "RSA");
    second = TestCertificate.make(made, "second", "EC");
    trust = TestCertificate.trusting(first, second);
  }

  @BeforeEach
  void open() throws IOException {
    upstream = new StubUpstream();
    certificate = directory.resolve("tls.crt");
    key = directory.resolve("tls.key");
    first.write(certificate, key);
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
  }

  private final SignedAs provider = new SignedAs();

  private TestGateway.Builder gateway() {
    return TestGateway.in(upstream)
        .publicUrl("https://localhost")
        .authenticator(provider)
        .tls(certificate, key);
  }

  private static HttpClient client(HttpClient.Version version) {
    return HttpClient.newBuilder().sslContext(trust).version(version).build();
  }

  private static HttpRequest.Builder to(TestGateway gateway, String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + gateway.port() + path));
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void getWhenSignedThenUpstreamSeesThePerson(HttpClient.Version version) throws Exception {
    try (TestGateway gateway = gateway().start()) {
      HttpResponse<String> answer =
          client(version)
              .send(
                  to(gateway, "/job/a%252Fb?c=d")
                      .header("Authorization", "OAuth as=\"alice\"")
                      .header("X-Forwarded-User", "bob")
                      .header("x_forwarded_user", "bob")
                      .build(),
                  BodyHandlers.ofString());
      assertThat(answer.version()).isEqualTo(version);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("hello");
      assertThat(upstream.last().start()).isEqualTo("GET /job/a%252Fb?c=d HTTP/1.1");
      assertThat(upstream.last().all("X-Forwarded-User")).containsExactly("alice");
      assertThat(upstream.last().lines()).noneMatch(line -> line.contains("bob"));
      assertThat(upstream.last().all("Host")).containsExactly("localhost");
      assertThat(upstream.last().all("X-Forwarded-Proto")).containsExactly("https");
      assertThat(upstream.last().all("Transfer-Encoding")).isEmpty();
    }
    assertThat(provider.threads)
        .singleElement()
        .asString()
        .startsWith(version == HttpClient.Version.HTTP_2 ? "decision-" : "gateway-");
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void postWhenBodyThenItArrivesWithOrWithoutALength(HttpClient.Version version) throws Exception {
    upstream.script((request, wire) -> StubUpstream.ok(request.body()));
    try (TestGateway gateway = gateway().start()) {
      HttpClient client = client(version);
      String large = "0123456789".repeat(40_000);
      for (String body : List.of("hello", large)) {
        HttpResponse<String> whole =
            client.send(
                to(gateway, "/").POST(BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofString());
        assertThat(whole.body()).isEqualTo(body);
        HttpResponse<String> streamed =
            client.send(
                to(gateway, "/")
                    .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString(body)))
                    .build(),
                BodyHandlers.ofString());
        assertThat(streamed.body()).isEqualTo(body);
      }
      HttpResponse<String> empty =
          client.send(
              to(gateway, "/").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
      assertThat(empty.statusCode()).isEqualTo(200);
    }
  }

  @Test
  void getWhenManyStreamsThenAllAnswered() throws Exception {
    upstream.script((request, wire) -> StubUpstream.ok(request.target()));
    try (TestGateway gateway = gateway().start()) {
      HttpClient client = client(HttpClient.Version.HTTP_2);
      List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        all.add(client.sendAsync(to(gateway, "/" + i).build(), BodyHandlers.ofString()));
      }
      for (int i = 0; i < 60; i++) {
        assertThat(all.get(i).get(60, TimeUnit.SECONDS).body()).isEqualTo("/" + i);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void getWhenHeadersAreHugeThenRefused(HttpClient.Version version) throws Exception {
    try (TestGateway gateway = gateway().start()) {
      HttpRequest huge = to(gateway, "/").header("X-Huge", "x".repeat(60_000)).build();
      @Nullable HttpResponse<String> answer = null;
      try {
        answer = client(version).send(huge, BodyHandlers.ofString());
      } catch (IOException e) {
        assertThat(version).isEqualTo(HttpClient.Version.HTTP_2);
      }
      if (answer != null) {
        assertThat(answer.statusCode()).isEqualTo(431);
      }
      assertThat(upstream.requests()).isEmpty();
    }
  }

  @Test
  void upgradeWhenOverTlsThenTunnelled() throws Exception {
    upstream.script(
        (request, wire) -> {
          wire.send("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
          return String.valueOf((char) wire.read());
        });
    try (TestGateway gateway = gateway().start();
        SSLSocket socket =
            (SSLSocket) trust.getSocketFactory().createSocket("localhost", gateway.port());
        Wire wire = new Wire(socket)) {
      wire.send(
          Wire.request(
              "GET", "/ws", SignedAs.header("alice"), "Connection: Upgrade", "Upgrade: websocket"));
      assertThat(wire.head().orElseThrow().status()).isEqualTo(101);
      assertThat(upstream.last().all("X-Forwarded-User")).containsExactly("alice");
      wire.send("k");
      assertThat(wire.read()).isEqualTo('k');
    }
  }

  @Test
  void connectWhenPlainHttpThenNotServed() throws IOException {
    try (TestGateway gateway = gateway().start()) {
      assertThatThrownBy(() -> Wire.get(gateway.port(), "/").status())
          .isInstanceOfAny(IOException.class, IndexOutOfBoundsException.class);
      assertThat(upstream.requests()).isEmpty();
    }
  }

  @Test
  void lookWhenFilesChangedThenTheNewCertificateIsServed() throws Exception {
    TlsFiles files = new TlsFiles(new TlsConfig(certificate, key));
    files.context().start();
    try {
      assertThat(served(files)).isEqualTo(first.certificate());
      Files.writeString(certificate, second.certificatePem());
      files.look();
      assertThat(served(files)).isEqualTo(first.certificate());
      second.write(certificate, key);
      files.look();
      assertThat(served(files)).isEqualTo(second.certificate());
      Files.writeString(key, "nothing");
      files.look();
      assertThat(served(files)).isEqualTo(second.certificate());
    } finally {
      files.context().stop();
    }
  }

  private static Certificate served(TlsFiles files) throws Exception {
    return files.context().getKeyStore().getCertificate("listener");
  }

  @Test
  void getWhenFilesChangedWhileServingThenNewConnectionsSeeTheNewOne() throws Exception {
    try (TestGateway gateway = gateway().start()) {
      assertThat(handshake(gateway)).isEqualTo(first.certificate());
      second.write(certificate, key);
      Certificate now = handshake(gateway);
      for (int i = 0; i < 600 && now.equals(first.certificate()); i++) {
        TimeUnit.MILLISECONDS.sleep(100);
        now = handshake(gateway);
      }
      assertThat(now).isEqualTo(second.certificate());
    }
  }

  private static Certificate handshake(TestGateway gateway) throws IOException {
    try (SSLSocket socket =
        (SSLSocket) trust.getSocketFactory().createSocket("localhost", gateway.port())) {
      socket.startHandshake();
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  @Test
  void startWhenFilesDoNotFitThenOneSentence() throws IOException {
    Files.writeString(key, second.keyPem());
    assertThatThrownBy(() -> new TlsFiles(new TlsConfig(certificate, key)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tls.key is not the key of the first certificate in tls.certificate.");
    Files.writeString(key, "-----BEGIN RSA PRIVATE KEY-----\n");
    assertThatThrownBy(() -> new TlsFiles(new TlsConfig(certificate, key)))
        .hasMessageContaining("openssl pkcs8 -topk8 -nocrypt");
    Files.writeString(certificate, "none");
    assertThatThrownBy(() -> new TlsFiles(new TlsConfig(certificate, key)))
        .hasMessageContaining("holds no PEM certificate");
    assertThatThrownBy(() -> new TlsFiles(new TlsConfig(directory.resolve("no"), key)))
        .hasMessageContaining("cannot be read");
  }
}
