package dev.onbehalf.applinks;

import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer of a linked application; to be read inside the handler it was given to. */
public interface Response {
  int getStatusCode();

  /** Returns whether the status is 2xx. */
  boolean isSuccessful();

  /**
   * Returns the body, decoded by the charset it names, else by UTF-8.
   *
   * @throws ResponseException if the body breaks off, or has more than 64 MiB
   */
  String getResponseBodyAsString() throws ResponseException;

  /** Returns the body; once. */
  InputStream getResponseBodyAsStream();

  /** Returns the first value of a header; null where it is absent. */
  @Nullable String getHeader(String name);

  /** Returns the headers by lower-case name, several values joined by a comma and a blank. */
  Map<String, String> getHeaders();
}
