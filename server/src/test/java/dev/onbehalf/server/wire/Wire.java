package dev.onbehalf.server.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client that sends exactly the bytes it is given and reads HTTP/1.1 answers. */
public final class Wire implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  public Wire(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  public Wire(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(60_000);
    in = socket.getInputStream();
  }

  public record Message(String start, List<String> lines, String body) {
    public int status() {
      return Integer.parseInt(start.split(" ", -1)[1]);
    }

    public Optional<String> header(String name) {
      return all(name).stream().findFirst();
    }

    public List<String> all(String name) {
      List<String> found = new ArrayList<>();
      for (String line : lines) {
        int colon = line.indexOf(':');
        if (line.substring(0, colon).equalsIgnoreCase(name)) {
          found.add(line.substring(colon + 1).strip());
        }
      }
      return found;
    }

    public String target() {
      return start.split(" ", -1)[1];
    }

    public String method() {
      return start.split(" ", -1)[0];
    }
  }

  public static Message exchange(int port, String request) throws IOException {
    try (Wire wire = new Wire(port)) {
      wire.send(request);
      return wire.answer();
    }
  }

  public static Message get(int port, String target, String... headers) throws IOException {
    return exchange(port, request("GET", target, headers));
  }

  public static String request(String method, String target, String... headers) {
    StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    boolean host = false;
    for (String header : headers) {
      host |= header.regionMatches(true, 0, "Host:", 0, 5);
      text.append(header).append("\r\n");
    }
    if (!host) {
      text.append("Host: ci.example.com\r\n");
    }
    return text.append("\r\n").toString();
  }

  public static String form(String target, String body, String... headers) {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 0, headers.length);
    all[headers.length] = "Content-Type: application/x-www-form-urlencoded";
    all[headers.length + 1] = "Content-Length: " + body.length();
    return request("POST", target, all) + body;
  }

  public void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  public Socket socket() {
    return socket;
  }

  public int read() throws IOException {
    return in.read();
  }

  public Message answer() throws IOException {
    return message(true);
  }

  public Message answerToHead() throws IOException {
    return head().orElseThrow(() -> new IOException("closed"));
  }

  public Message message(boolean answer) throws IOException {
    Message head = head().orElseThrow(() -> new IOException("closed without a message"));
    return new Message(head.start(), head.lines(), body(head, answer));
  }

  /** Reads start line and headers; empty at the end of the stream. */
  public Optional<Message> head() throws IOException {
    String start = line();
    if (start == null) {
      return Optional.empty();
    }
    List<String> lines = new ArrayList<>();
    for (String line = line(); line != null && !line.isEmpty(); line = line()) {
      lines.add(line);
    }
    return Optional.of(new Message(start, lines, ""));
  }

  public String body(Message head, boolean answer) throws IOException {
    if (head.header("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent()) {
      StringBuilder body = new StringBuilder();
      while (true) {
        String size = line();
        if (size == null) {
          throw new IOException("closed within chunks");
        }
        int length = Integer.parseInt(size.split(";", -1)[0].strip(), 16);
        body.append(bytes(length));
        line();
        if (length == 0) {
          return body.toString();
        }
      }
    }
    Optional<String> length = head.header("Content-Length");
    if (length.isPresent()) {
      return bytes(Integer.parseInt(length.get()));
    }
    if (!answer || head.status() == 204 || head.status() == 304 || head.status() == 101) {
      return "";
    }
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  private String bytes(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new IOException("closed within a body");
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private @Nullable String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return line.size() == 0 ? null : line.toString(StandardCharsets.ISO_8859_1);
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
