package dev.onbehalf.applinks;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request to a linked application, signed when it is executed; each execution is signed anew, and
 * so is each repetition ({@link ApplicationLinks.Builder#retries}). Not for several threads.
 */
public interface ApplicationLinkRequest {

  /** Limits the time a connection may take to open, in milliseconds; 10,000 where not set. */
  ApplicationLinkRequest setConnectionTimeout(int millis);

  /** Limits the time without any byte of the answer, in milliseconds; 60,000 where not set. */
  ApplicationLinkRequest setSoTimeout(int millis);

  /**
   * Sends the request elsewhere below the link.
   *
   * @throws IllegalArgumentException if the URL is malformed or leads out of the link
   */
  ApplicationLinkRequest setUrl(String url);

  /** Sends a text in UTF-8, of the type {@code application/json} unless a header says otherwise. */
  ApplicationLinkRequest setRequestBody(String body);

  /** Sends a text in UTF-8. */
  ApplicationLinkRequest setRequestBody(String body, String contentType);

  /** Sends a stream, opened at each execution. */
  ApplicationLinkRequest setRequestBody(Supplier<InputStream> body, String contentType);

  /** Sends files as {@code multipart/form-data}, the parameters as its fields. */
  ApplicationLinkRequest setFiles(List<RequestFilePart> files);

  /**
   * Adds parameters: to the form of a POST or PUT, else to the query. They are signed, except
   * beside files.
   *
   * @param pairs names and values in turn
   * @throws IllegalArgumentException if a value is missing
   */
  ApplicationLinkRequest addRequestParameters(String... pairs);

  /**
   * Adds a header.
   *
   * @throws IllegalArgumentException if it is {@code Authorization}, or no header a program may set
   */
  ApplicationLinkRequest addHeader(String name, String value);

  /** Sets a header, in place of those of the same name; otherwise as {@link #addHeader}. */
  ApplicationLinkRequest setHeader(String name, String value);

  /**
   * Follows up to five redirects of a GET or HEAD: signed anew below the link, elsewhere without
   * credentials and headers. Off where not set.
   */
  ApplicationLinkRequest setFollowRedirects(boolean follow);

  /** Returns the headers set so far. */
  Map<String, List<String>> getHeaders();

  /**
   * Sends the request and returns the body of the answer.
   *
   * @throws ResponseStatusException if the status is not 2xx
   * @throws ResponseException if there is no answer, or the peer refuses the credentials
   * @throws CredentialsRequiredException if the person has to authorise the link again
   */
  String execute() throws ResponseException, CredentialsRequiredException;

  /**
   * Sends the request and hands the answer over, whatever its status.
   *
   * @throws ResponseException if there is no answer, or the peer refuses the credentials
   * @throws CredentialsRequiredException if the person has to authorise the link again
   */
  void execute(ResponseHandler handler) throws ResponseException, CredentialsRequiredException;

  /**
   * Sends the request and returns what the handler makes of the answer, whatever its status.
   *
   * @throws ResponseException if there is no answer, or the peer refuses the credentials
   * @throws CredentialsRequiredException if the person has to authorise the link again
   */
  <R extends @Nullable Object> R executeAndReturn(ReturningResponseHandler<R> handler)
      throws ResponseException, CredentialsRequiredException;

  /**
   * Sends the request and returns what the handler makes of the answer, whatever its status, or of
   * the need for a new authorisation.
   *
   * @throws ResponseException if there is no answer, or the peer refuses the credentials
   */
  <R extends @Nullable Object> R execute(ApplicationLinkResponseHandler<R> handler)
      throws ResponseException;
}
