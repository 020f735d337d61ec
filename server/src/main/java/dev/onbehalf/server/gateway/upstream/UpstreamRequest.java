package dev.onbehalf.server.gateway.upstream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * A request as it shall stand on the wire (RFC 9112 section 3), apart from its framing, which
 * follows from {@code contentLength}.
 *
 * @param method method, as it came
 * @param target request target, raw as it came: path and query, or an asterisk
 * @param headers header lines without {@code Content-Length}, {@code Transfer-Encoding} and {@code
 *     Connection}
 * @param body the body; null for none
 * @param contentLength length of the body in bytes; -1 sends it in chunks
 * @param upgrade protocol asked for in {@code Upgrade}; null for none
 * @param repeatable whether it may be sent a second time if a connection that was kept open turns
 *     out to be closed
 */
public record UpstreamRequest(
    String method,
    String target,
    HttpFields headers,
    Content.@Nullable Source body,
    long contentLength,
    @Nullable String upgrade,
    boolean repeatable) {

  private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CHUNKED =
      "Transfer-Encoding: chunked\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CONNECTION_UPGRADE =
      "Connection: Upgrade\r\nUpgrade: ".getBytes(StandardCharsets.US_ASCII);

  boolean chunked() {
    return body != null && contentLength < 0;
  }

  /** Returns an upper bound of the bytes {@link #writeHead} writes. */
  int headSize() {
    int size = method.length() + 3 * target.length() + 128;
    for (HttpField field : headers) {
      String value = field.getValue();
      size += field.getName().length() + 4 + (value == null ? 0 : value.length());
    }
    return upgrade == null ? size : size + upgrade.length();
  }

  /**
   * Writes request line and headers.
   *
   * @throws IllegalArgumentException if a part holds a character that would break out of its line
   */
  void writeHead(ByteBuffer buffer) {
    token(method, buffer);
    buffer.put((byte) ' ');
    target(buffer);
    buffer.put(VERSION);
    for (HttpField field : headers) {
      token(field.getName(), buffer);
      buffer.put((byte) ':').put((byte) ' ');
      value(field.getValue(), buffer);
      line(buffer);
    }
    if (upgrade != null) {
      buffer.put(CONNECTION_UPGRADE);
      value(upgrade, buffer);
      line(buffer);
    }
    if (chunked()) {
      buffer.put(CHUNKED);
    } else if (body != null) {
      value("Content-Length: " + contentLength, buffer);
      line(buffer);
    }
    line(buffer);
  }

  private static void line(ByteBuffer buffer) {
    buffer.put((byte) '\r').put((byte) '\n');
  }

  private static void token(String text, ByteBuffer buffer) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("An empty method or header name.");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7F || c == ':') {
        throw new IllegalArgumentException("A method or header name is not a token.");
      }
      buffer.put((byte) c);
    }
  }

  private static void value(@Nullable String text, ByteBuffer buffer) {
    if (text == null) {
      return;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7F || c > 0xFF) {
        throw new IllegalArgumentException("A header value holds a control or a wide character.");
      }
      buffer.put((byte) c);
    }
  }

  private void target(ByteBuffer buffer) {
    boolean ascii = true;
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c == 0x7F) {
        throw new IllegalArgumentException("The request target holds a blank or a control.");
      }
      ascii &= c < 0x80;
    }
    if (ascii) {
      for (int i = 0; i < target.length(); i++) {
        buffer.put((byte) target.charAt(i));
      }
    } else {
      buffer.put(target.getBytes(StandardCharsets.UTF_8));
    }
  }
}
