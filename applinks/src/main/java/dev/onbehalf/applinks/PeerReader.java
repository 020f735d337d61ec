package dev.onbehalf.applinks;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a peer publishes, such as its manifest: without credentials, without following
 * redirects, and no more than a bounded number of bytes. Safe for several threads.
 */
public final class PeerReader {
  private static final int TIMEOUT_MILLIS = 10_000;

  private final HttpTransport http;

  /** Reads with an HTTP client adjusted by {@code settings}, where {@code targets} lets it go. */
  public PeerReader(UnaryOperator<HttpClient.Builder> settings, TargetCheck targets) {
    http = new HttpTransport(settings, Objects.requireNonNull(targets, "targets"));
  }

  /**
   * What a peer answered.
   *
   * @param status the HTTP status
   * @param contentType the header Content-Type; empty where it is absent
   * @param location the header Location; null where it is absent
   * @param body at most as many bytes as were asked for
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Document(int status, String contentType, @Nullable String location, byte[] body) {}

  /**
   * Asks for a document.
   *
   * @param link the name of the link, for messages
   * @param accept the media types that are read
   * @param mostBytes bound of the body
   * @throws ResponseException if no answer comes, or it has more bytes
   */
  public Document get(String link, URI url, String accept, int mostBytes) throws ResponseException {
    HttpResponse<InputStream> response =
        http.send(
            HttpRequest.newBuilder(url).header("Accept", accept).GET(),
            TIMEOUT_MILLIS,
            TIMEOUT_MILLIS,
            link);
    try (InputStream in = new IdleTimeoutInputStream(response.body(), TIMEOUT_MILLIS)) {
      byte[] body = in.readNBytes(mostBytes + 1);
      if (body.length > mostBytes) {
        throw new ResponseException(
            LinkError.UNEXPECTED_RESPONSE,
            "The peer of the link '"
                + link
                + "' answered "
                + url
                + " with more than "
                + mostBytes / 1024
                + " kB. Check the link's URL, and what stands before the peer.",
            null);
      }
      return new Document(
          response.statusCode(),
          response.headers().firstValue("Content-Type").orElse(""),
          response.headers().firstValue("Location").orElse(null),
          body);
    } catch (IOException e) {
      throw HttpTransport.failure(e, url, link);
    }
  }
}
