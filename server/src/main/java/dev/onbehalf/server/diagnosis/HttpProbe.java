package dev.onbehalf.server.diagnosis;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Asks a peer over a connection of its own, byte for byte what it is told to ask: {@code Host} and
 * raw path are the very things to find out about. All its requests together take five seconds at
 * most; only safe requests without a body are sent.
 */
final class HttpProbe {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int MOST_HEAD_BYTES = 64 * 1024;
  private static final int MOST_BODY_BYTES = 256 * 1024;

  private final InstantSource clock;
  private final long end = System.nanoTime() + LIMIT.toNanos();

  HttpProbe(InstantSource clock) {
    this.clock = clock;
  }

  /** Where to connect. */
  record Origin(boolean secure, String host, int port) {}

  /**
   * An answer.
   *
   * @param headers values by lower-case name
   * @param body its beginning, as Latin-1
   * @param chain the peer's certificates, its own first; empty without TLS
   * @param middle our clock in the middle of the exchange
   */
  record Answer(
      int status,
      Map<String, List<String>> headers,
      String body,
      List<X509Certificate> chain,
      Instant middle) {

    @Nullable String header(String name) {
      List<String> values = headers.get(name);
      return values == null ? null : values.get(0);
    }
  }

  /**
   * Sends a GET.
   *
   * @param target raw path and query
   * @param headers header lines beside {@code Connection}, {@code Accept} and {@code User-Agent}
   * @throws CertificateException if the peer's certificate does not hold
   * @throws IOException if it cannot be reached, or does not speak HTTP
   */
  Answer get(Origin origin, String target, Map<String, String> headers) throws IOException {
    try (Socket plain = connect(origin);
        Socket socket = origin.secure() ? secured(plain, origin) : plain) {
      List<X509Certificate> chain =
          socket instanceof SSLSocket tls ? Certificates.chain(tls) : List.of();
      Instant sent = clock.instant();
      socket.getOutputStream().write(request(target, headers));
      socket.getOutputStream().flush();
      InputStream in = new BufferedInputStream(socket.getInputStream());
      int status;
      Map<String, List<String>> fields;
      do {
        status = status(line(in));
        fields = fields(in);
      } while (status >= 100 && status < 200);
      Instant middle = sent.plus(Duration.between(sent, clock.instant()).dividedBy(2));
      return new Answer(status, fields, body(in, status, fields), chain, middle);
    } catch (IOException e) {
      if (System.nanoTime() - end >= 0 && !(e instanceof CertificateException)) {
        throw new SocketTimeoutException("no answer within " + LIMIT.toSeconds() + " s");
      }
      throw e;
    }
  }

  private Socket connect(Origin origin) throws IOException {
    InetAddress address = InetAddress.getByName(origin.host());
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(address, origin.port()), remainingMillis());
      socket.setSoTimeout(remainingMillis());
      CompletableFuture.delayedExecutor(remainingMillis(), TimeUnit.MILLISECONDS)
          .execute(() -> close(socket));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private Socket secured(Socket plain, Origin origin) throws IOException {
    String host = origin.host().replace("[", "").replace("]", "");
    try {
      return Certificates.handshake(plain, host, origin.port(), true);
    } catch (javax.net.ssl.SSLException e) {
      try (Socket again = connect(origin);
          SSLSocket unchecked = Certificates.handshake(again, host, origin.port(), false)) {
        throw new CertificateException(Certificates.chain(unchecked), e, clock.instant());
      } catch (javax.net.ssl.SSLException noTls) {
        throw e;
      }
    }
  }

  private int remainingMillis() throws SocketTimeoutException {
    long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    if (millis <= 0) {
      throw new SocketTimeoutException("no answer within " + LIMIT.toSeconds() + " s");
    }
    return (int) millis;
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }

  private static byte[] request(String target, Map<String, String> headers) {
    StringBuilder text = new StringBuilder("GET ").append(target).append(" HTTP/1.1\r\n");
    headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    text.append("Accept: application/json, text/html;q=0.9, */*;q=0.8\r\n")
        .append("User-Agent: onbehalf-doctor\r\n")
        .append("Connection: close\r\n\r\n");
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static int status(String line) throws IOException {
    if (line.length() < 12 || !line.startsWith("HTTP/1.")) {
      throw new IOException("it does not speak HTTP/1.1");
    }
    try {
      return Integer.parseInt(line, 9, 12, 10);
    } catch (NumberFormatException e) {
      throw new IOException("it does not speak HTTP/1.1", e);
    }
  }

  private static Map<String, List<String>> fields(InputStream in) throws IOException {
    Map<String, List<String>> fields = new HashMap<>();
    int bytes = 0;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      bytes += line.length();
      int colon = line.indexOf(':');
      if (bytes > MOST_HEAD_BYTES) {
        throw new IOException("its answer has too large a head");
      }
      if (colon > 0) {
        fields
            .computeIfAbsent(
                line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>(1))
            .add(line.substring(colon + 1).strip());
      }
    }
    return fields;
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next;
    while ((next = in.read()) != '\n') {
      if (next < 0) {
        throw new EOFException("it closed the connection without an answer");
      }
      if (line.size() > MOST_HEAD_BYTES) {
        throw new IOException("its answer has too large a head");
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  private static String body(InputStream in, int status, Map<String, List<String>> fields)
      throws IOException {
    if (status == 204 || status == 304) {
      return "";
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (String.valueOf(fields.get("transfer-encoding"))
        .toLowerCase(Locale.ROOT)
        .contains("chunked")) {
      while (body.size() < MOST_BODY_BYTES) {
        String size = line(in).split(";", 2)[0].strip();
        int bytes;
        try {
          bytes = Integer.parseInt(size, 16);
        } catch (NumberFormatException e) {
          throw new IOException("its answer is broken", e);
        }
        if (bytes <= 0) {
          break;
        }
        body.write(in.readNBytes(Math.min(bytes, MOST_BODY_BYTES)));
        line(in);
      }
    } else {
      List<String> length = fields.get("content-length");
      int most = MOST_BODY_BYTES;
      if (length != null && length.get(0).matches("[0-9]{1,9}")) {
        most = Math.min(most, Integer.parseInt(length.get(0)));
      }
      body.write(in.readNBytes(most));
    }
    return body.toString(StandardCharsets.ISO_8859_1);
  }
}
