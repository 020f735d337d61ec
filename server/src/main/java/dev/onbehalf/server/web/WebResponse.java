package dev.onbehalf.server.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An answer of our own.
 *
 * @param status HTTP status
 * @param headers header lines in order; a name may occur twice
 * @param body the body, empty for none
 */
@SuppressWarnings("ArrayRecordComponent")
public record WebResponse(int status, List<Map.Entry<String, String>> headers, byte[] body) {

  public WebResponse {
    headers = List.copyOf(headers);
  }

  /** An answer with a text body of the given content type, in UTF-8. */
  public static WebResponse of(int status, String contentType, String body) {
    return new WebResponse(
        status,
        List.of(Map.entry("Content-Type", contentType)),
        body.getBytes(StandardCharsets.UTF_8));
  }

  /** An answer without a body. */
  public static WebResponse empty(int status) {
    return new WebResponse(status, List.of(), new byte[0]);
  }

  /** A redirect (303) to {@code location}, an absolute URL the caller has checked. */
  public static WebResponse redirect(String location) {
    return empty(303).with("Location", location);
  }

  /** Returns this answer with one more header line. */
  public WebResponse with(String name, String value) {
    List<Map.Entry<String, String>> more = new ArrayList<>(headers);
    more.add(Map.entry(name, value));
    return new WebResponse(status, more, body);
  }
}
