package dev.onbehalf.applinks;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An answer as it came. */
final class ReceivedResponse implements Response, AutoCloseable {
  private static final int MAX_STRING_BYTES = 64 * 1024 * 1024;
  private static final int PEEKED_BYTES = 64 * 1024;

  private final String link;
  private final URI url;
  private final int status;
  private final HttpHeaders headers;
  private final boolean ofPeer;
  private InputStream body;

  /**
   * Takes an answer over.
   *
   * @param ofPeer whether the peer gave it, whose word on credentials counts
   */
  ReceivedResponse(
      String link, HttpResponse<InputStream> response, int idleMillis, boolean ofPeer) {
    this.ofPeer = ofPeer;
    this.link = link;
    this.url = response.uri();
    this.status = response.statusCode();
    this.headers = response.headers();
    this.body = new IdleTimeoutInputStream(response.body(), idleMillis);
  }

  /** What stands for an answer where the person's token was found gone before the request. */
  ReceivedResponse(String link, URI url) {
    this.link = link;
    this.url = url;
    this.ofPeer = false;
    this.status = 401;
    this.headers = HttpHeaders.of(Map.of(), (name, value) -> true);
    this.body = InputStream.nullInputStream();
  }

  @Override
  public int getStatusCode() {
    return status;
  }

  @Override
  public boolean isSuccessful() {
    return status >= 200 && status < 300;
  }

  boolean isRedirect() {
    return (status >= 301 && status <= 303) || status == 307 || status == 308;
  }

  /** Whether the body is a page for people. */
  boolean isHtml() {
    String type = contentType();
    return type.startsWith("text/html") || type.startsWith("application/xhtml");
  }

  private String contentType() {
    String type = getHeader("Content-Type");
    return type == null ? "" : type.toLowerCase(Locale.ROOT);
  }

  @Override
  public String getResponseBodyAsString() throws ResponseException {
    try {
      byte[] bytes = body.readNBytes(MAX_STRING_BYTES + 1);
      if (bytes.length > MAX_STRING_BYTES) {
        throw new ResponseException(
            LinkError.UNEXPECTED_RESPONSE,
            "The answer through the link '" + link + "' has more than 64 MiB; read it as a stream.",
            null);
      }
      return new String(bytes, charset());
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private Charset charset() {
    String type = contentType();
    int at = type.indexOf("charset=");
    if (at >= 0) {
      String name = type.substring(at + "charset=".length()).split(";", 2)[0].replace("\"", "");
      try {
        return Charset.forName(name.strip());
      } catch (IllegalArgumentException e) {
        return StandardCharsets.UTF_8;
      }
    }
    return StandardCharsets.UTF_8;
  }

  @Override
  public InputStream getResponseBodyAsStream() {
    return body;
  }

  @Override
  public @Nullable String getHeader(String name) {
    return headers.firstValue(name).orElse(null);
  }

  @Override
  public Map<String, String> getHeaders() {
    Map<String, String> all = new TreeMap<>();
    headers
        .map()
        .forEach(
            (name, values) -> all.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
    return all;
  }

  /** Reads what the peer says about a refusal; the body stays readable. */
  Challenge challenge() throws ResponseException {
    if (!ofPeer) {
      return Challenge.of(List.of(), null);
    }
    List<String> challenges = headers.allValues("WWW-Authenticate");
    boolean form = contentType().startsWith("application/x-www-form-urlencoded");
    return Challenge.of(
        challenges, form && status >= 400 ? new String(peek(), StandardCharsets.UTF_8) : null);
  }

  boolean isEmpty() throws ResponseException {
    return peek().length == 0;
  }

  private byte[] peek() throws ResponseException {
    try {
      byte[] start = body.readNBytes(PEEKED_BYTES);
      body = new SequenceInputStream(new ByteArrayInputStream(start), body);
      return start;
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private ResponseException broken(IOException cause) {
    return HttpTransport.failure(cause, url, link);
  }

  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      // Nothing is left to be read, and nothing to be done about it.
      return;
    }
  }
}
