package dev.onbehalf.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.wire.StubUpstream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code docs/threat-model.md} attack 14: HTTP/2 frames that no conforming client sends, so that
 * nothing in them becomes a line of HTTP/1.1 (RFC 9113 sections 8.2.1 and 8.3.1).
 */
class Http2FramesTest {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADERS = 0x1;
  private static final int RST_STREAM = 0x3;
  private static final int SETTINGS = 0x4;
  private static final int GOAWAY = 0x7;
  private static final int END_STREAM_AND_HEADERS = 0x5;

  @TempDir static Path directory;
  private static TestCertificate certificate;
  private static SSLContext trust;
  private StubUpstream upstream;

  /** A header field as it goes on the wire. */
  record Field(String name, String value) {}

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = TestCertificate.make(directory, "frames", "EC");
    trust = TestCertificate.trusting(certificate, certificate);
    certificate.write(directory.resolve("tls.crt"), directory.resolve("tls.key"));
  }

  @BeforeEach
  void open() throws IOException {
    upstream = new StubUpstream();
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
  }

  static Stream<List<Field>> malformed() {
    return Stream.of(
        with("x-a", "b\r\nx-forwarded-user: bob"),
        with("x-a", "b\nx-forwarded-user: bob"),
        with("x-a", "b\rc"),
        with("x-a", "b\0c"),
        with("x-a", "\nb"),
        with("x-a", "b\r\n"),
        with("X-A", "b"),
        with("x-a\r\nx-forwarded-user", "bob"),
        with("x a", "b"),
        with("x-a:", "b"),
        with("", "b"),
        with("connection", "x-forwarded-user"),
        with("transfer-encoding", "chunked"),
        with(":unknown", "b"),
        request("GET", "/a b"),
        request("GET", "/ HTTP/1.1\r\nx-forwarded-user: bob\r\n\r\nGET /smuggled"),
        request("GET", "/a\nb"),
        request("GET", "/a\0b"),
        request("GET", ""),
        request("G T", "/"),
        request("GET / HTTP/1.1\r\nx-forwarded-user: bob\r\n\r\nGET", "/"),
        request("GE\nT", "/"));
  }

  private static List<Field> with(String name, String value) {
    return Stream.concat(request("GET", "/").stream(), Stream.of(new Field(name, value))).toList();
  }

  private static List<Field> request(String method, String path) {
    return List.of(
        new Field(":method", method),
        new Field(":scheme", "https"),
        new Field(":authority", "localhost"),
        new Field(":path", path));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void requestWhenAFieldIsMalformedThenRefusedAndTheUpstreamSeesNothing(List<Field> fields)
      throws Exception {
    try (TestGateway gateway = gateway()) {
      String answer = answer(gateway, fields);
      assertThat(answer).isIn("RST_STREAM", "GOAWAY", "end", "400");
      assertThat(upstream.requests()).isEmpty();
    }
  }

  @Test
  void requestWhenFieldsAreSoundThenItReachesTheUpstream() throws Exception {
    try (TestGateway gateway = gateway()) {
      assertThat(answer(gateway, with("x-a", "b"))).isEqualTo("200");
      assertThat(upstream.last().all("X-A")).containsExactly("b");
    }
  }

  @Test
  void closeWhenAFailedSessionIsLeftOpenThenDoesNotWaitForItAndFailsNot() throws Exception {
    try (TestGateway gateway = gateway();
        SSLSocket socket = connect(gateway)) {
      send(socket, with("", "b"));
      assertThat(read(new DataInputStream(socket.getInputStream()))).isIn("GOAWAY", "end");
      gateway.server().close();
    }
  }

  @Test
  void closeWhenAClientStaysThenItIsDisconnectedAfterTheGrace() throws Exception {
    try (TestGateway gateway = gateway();
        SSLSocket socket = connect(gateway)) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      send(socket, with("x-a", "b"));
      assertThat(read(in)).isEqualTo("200");
      gateway.server().close(Duration.ofMillis(200));
      assertThat(readToEnd(in)).isTrue();
    }
  }

  private TestGateway gateway() throws IOException {
    return TestGateway.in(upstream)
        .publicUrl("https://localhost")
        .tls(directory.resolve("tls.crt"), directory.resolve("tls.key"))
        .start();
  }

  /** Sends one request and returns the status, or by what else it was answered. */
  private static String answer(TestGateway gateway, List<Field> fields) throws IOException {
    try (SSLSocket socket = connect(gateway)) {
      send(socket, fields);
      String answer = read(new DataInputStream(socket.getInputStream()));
      end(socket);
      return answer;
    }
  }

  private static SSLSocket connect(TestGateway gateway) throws IOException {
    SSLSocket socket =
        (SSLSocket) trust.getSocketFactory().createSocket("localhost", gateway.port());
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(60_000);
    socket.startHandshake();
    assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
    return socket;
  }

  private static void send(SSLSocket socket, List<Field> fields) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(PREFACE);
    frame(out, SETTINGS, 0, 0, new byte[0]);
    frame(out, HEADERS, END_STREAM_AND_HEADERS, 1, block(fields));
    socket.getOutputStream().write(out.toByteArray());
    socket.getOutputStream().flush();
  }

  /** Says good-bye and waits for the end: the gateway has no connection left to wait for. */
  private static void end(SSLSocket socket) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    frame(out, GOAWAY, 0, 0, new byte[8]);
    try {
      socket.getOutputStream().write(out.toByteArray());
      socket.getOutputStream().flush();
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // The gateway has closed it already.
    }
  }

  /** Whether the connection has ended, in whatever way. */
  private static boolean readToEnd(InputStream in) {
    try {
      in.transferTo(OutputStream.nullOutputStream());
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static String read(DataInputStream in) throws IOException {
    try {
      while (true) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        in.readUnsignedByte();
        in.readInt();
        byte[] payload = new byte[length];
        in.readFully(payload);
        switch (type) {
          case HEADERS -> {
            return status(payload);
          }
          case RST_STREAM -> {
            return "RST_STREAM";
          }
          case GOAWAY -> {
            return "GOAWAY";
          }
          default -> {}
        }
      }
    } catch (EOFException e) {
      return "end";
    }
  }

  /**
   * Reads {@code :status} where it is the first field and in the static table (RFC 7541 A), after
   * an update of the dynamic table's size (section 6.3).
   */
  private static String status(byte[] block) {
    int at = 0;
    if ((block[0] & 0xE0) == 0x20) {
      at = 1;
      if ((block[0] & 0x1F) == 0x1F) {
        while (block[at++] < 0) {}
      }
    }
    return switch (block[at] & 0xFF) {
      case 0x88 -> "200";
      case 0x8C -> "400";
      default -> "header block starting with " + (block[at] & 0xFF);
    };
  }

  private static void frame(
      ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
    out.write(payload.length >> 16);
    out.write(payload.length >> 8);
    out.write(payload.length);
    out.write(type);
    out.write(flags);
    out.writeBytes(new byte[] {0, 0, 0, (byte) stream});
    out.writeBytes(payload);
  }

  /** Literal fields without indexing and without Huffman coding (RFC 7541 section 6.2.2). */
  private static byte[] block(List<Field> fields) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (Field field : fields) {
      block.write(0);
      text(block, field.name());
      text(block, field.value());
    }
    return block.toByteArray();
  }

  private static void text(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    assertThat(bytes).hasSizeLessThan(127);
    block.write(bytes.length);
    block.writeBytes(bytes);
  }
}
