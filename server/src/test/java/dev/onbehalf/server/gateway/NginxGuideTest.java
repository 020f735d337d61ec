package dev.onbehalf.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.wire.StubUpstream;
import dev.onbehalf.server.wire.TestHttp;
import dev.onbehalf.server.wire.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The nginx blocks of {@code docs/guide-nginx.md} and {@code docs/guide-jenkins.md}, both at once:
 * nginx, the gateway, nginx, the application. Attack 11 of {@code docs/threat-model.md}.
 */
@Tag("debian")
class NginxGuideTest {
  private static final Pattern BLOCK = Pattern.compile("```nginx\n(?<text>.*?)```", Pattern.DOTALL);
  private static final String SECRET = "put-the-secret-here";

  @TempDir Path directory;
  private final List<Process> started = new ArrayList<>();
  private StubUpstream upstream;
  private TestGateway gateway;
  private SSLContext trust;
  private int front;
  private int beside;

  @BeforeEach
  void open() throws Exception {
    upstream = new StubUpstream();
    front = TestHttp.freePort();
    beside = TestHttp.freePort();
    gateway =
        TestGateway.in(URI.create("http://127.0.0.1:" + beside))
            .publicUrl("https://localhost")
            .authenticator(new SignedAs())
            .secret("X-Onbehalf-Secret", SECRET)
            .trusted("127.0.0.1")
            .start();
    TestCertificate certificate = TestCertificate.make(directory, "nginx", "EC");
    certificate.write(directory.resolve("tls.pem"), directory.resolve("tls.key"));
    trust = TestCertificate.trusting(certificate);
    nginx(
        "front",
        block("guide-nginx.md")
            .replace("listen 443 ssl", "listen 127.0.0.1:" + front + " ssl")
            .replace("127.0.0.1:8480", "127.0.0.1:" + gateway.port())
            .replace("server_name ci.example.com", "server_name localhost")
            .replace("/etc/ssl/ci.example.com.pem", directory.resolve("tls.pem").toString())
            .replace("/etc/ssl/ci.example.com.key", directory.resolve("tls.key").toString()),
        front);
    nginx(
        "beside",
        block("guide-jenkins.md")
            .replace("listen 8081", "listen 127.0.0.1:" + beside)
            .replace("127.0.0.1:8080", "127.0.0.1:" + upstream.port()),
        beside);
  }

  @AfterEach
  void close() throws Exception {
    for (Process process : started) {
      process.destroy();
      process.waitFor();
    }
    gateway.close();
    upstream.close();
  }

  private static String block(String guide) throws IOException {
    Matcher matcher = BLOCK.matcher(Files.readString(Path.of("..", "docs", guide)));
    assertThat(matcher.find()).isTrue();
    return matcher.group("text");
  }

  private void nginx(String name, String http, int port) throws Exception {
    Path home = Files.createDirectories(directory.resolve(name));
    Path config = home.resolve("nginx.conf");
    StringBuilder temporary = new StringBuilder();
    for (String kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
      temporary.append(kind).append("_temp_path ").append(home.resolve(kind)).append(";\n");
    }
    Files.writeString(
        config,
        "daemon off; pid "
            + home.resolve("pid")
            + "; error_log "
            + home.resolve("error.log")
            + ";\nevents {}\nhttp {\naccess_log off;\n"
            + temporary
            + http
            + "}\n");
    Process process =
        new ProcessBuilder("nginx", "-p", home.toString(), "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("out").toFile())
            .start();
    started.add(process);
    while (!listens(port)) {
      assertThat(process.isAlive()).as(Files.readString(home.resolve("out"))).isTrue();
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void getWhenThroughBothThenPathAndPersonArriveAndTheSecretDoesNot() throws Exception {
    HttpResponse<String> answer =
        HttpClient.newBuilder()
            .sslContext(trust)
            .build()
            .send(
                HttpRequest.newBuilder(
                        URI.create("https://localhost:" + front + "/job/a%252Fb/%2e;x?c=%2F"))
                    .header("Authorization", "OAuth as=\"alice\"")
                    .header("X-Forwarded-User", "bob")
                    .header("X-Forwarded-For", "192.0.2.1")
                    .build(),
                BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
    Wire.Message seen = upstream.last();
    assertThat(seen.target()).isEqualTo("/job/a%252Fb/%2e;x?c=%2F");
    assertThat(seen.all("X-Forwarded-User")).containsExactly("alice");
    assertThat(seen.all("X-Forwarded-For")).containsExactly("127.0.0.1");
    assertThat(seen.all("X-Forwarded-Proto")).containsExactly("https");
    assertThat(seen.all("Host")).containsExactly("localhost");
    assertThat(seen.all("X-Onbehalf-Secret")).isEmpty();
  }

  @Test
  void getWhenTheGatewayIsPassedByThenRefused() throws IOException {
    assertThat(Wire.get(beside, "/", "X-Forwarded-User: admin").status()).isEqualTo(403);
    assertThat(Wire.get(beside, "/", "X-Onbehalf-Secret: guessed").status()).isEqualTo(403);
    assertThat(upstream.requests()).isEmpty();
  }

  @Test
  void upgradeWhenThroughBothThenTunnelled() throws Exception {
    upstream.script(
        (request, wire) -> {
          wire.send("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
          return String.valueOf((char) wire.read());
        });
    try (SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket("localhost", front);
        Wire wire = new Wire(socket)) {
      wire.send(
          Wire.request(
              "GET",
              "/wsagents/",
              "Host: localhost:" + front,
              "Connection: Upgrade",
              "Upgrade: websocket"));
      assertThat(wire.head().orElseThrow().status()).isEqualTo(101);
      wire.send("k");
      assertThat(wire.read()).isEqualTo('k');
      assertThat(upstream.last().all("X-Forwarded-User")).isEmpty();
    }
  }
}
