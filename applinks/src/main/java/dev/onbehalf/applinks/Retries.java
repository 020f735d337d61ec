package dev.onbehalf.applinks;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.EnumSet;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Repeats what may be repeated (RFC 9110 9.2.2) where no connection came about or it broke off
 * before an answer. A pause of 100 ms comes before the first repetition and doubles with each.
 */
record Retries(int most) {
  static final int DEFAULT = 2;
  static final int LIMIT = 8;
  private static final long PAUSE_MILLIS = 100;
  private static final Set<Request.MethodType> IDEMPOTENT =
      EnumSet.of(
          Request.MethodType.GET,
          Request.MethodType.HEAD,
          Request.MethodType.PUT,
          Request.MethodType.DELETE,
          Request.MethodType.OPTIONS);

  /** One sending, signed anew. */
  interface Attempt {
    ReceivedResponse send() throws ResponseException;
  }

  Retries {
    if (most < 0 || most > LIMIT) {
      throw new IllegalArgumentException(
          "A request is repeated 0 to " + LIMIT + " times, not " + most + ".");
    }
  }

  ReceivedResponse run(Request.MethodType method, String link, Attempt attempt)
      throws ResponseException {
    int left = IDEMPOTENT.contains(method) ? most : 0;
    for (int i = 0; ; i++) {
      try {
        ReceivedResponse response = attempt.send();
        if (i >= left || !repeatedOnTheWay(response)) {
          return response;
        }
        response.close();
      } catch (ResponseTransportException e) {
        if (i >= left || !connectionFailed(e.getCause())) {
          throw e;
        }
        pause(PAUSE_MILLIS << i, link);
      }
    }
  }

  /**
   * Whether the peer saw this very request before: Java's client sends a GET again by itself, the
   * same bytes, where a connection kept open turns out to be closed.
   */
  private static boolean repeatedOnTheWay(ReceivedResponse response) throws ResponseException {
    try {
      return "nonce_used".equals(response.challenge().problem());
    } catch (ResponseException e) {
      response.close();
      throw e;
    }
  }

  private static boolean connectionFailed(@Nullable Throwable cause) {
    return cause instanceof HttpConnectTimeoutException
        || (cause instanceof IOException failure
            && !(failure instanceof HttpTimeoutException)
            && !(failure instanceof SSLException)
            && !(failure instanceof RefusedTargetException)
            && !(failure instanceof ProtocolException)
            && !HttpTransport.has(failure, UnknownHostException.class)
            && !HttpTransport.has(failure, UnresolvedAddressException.class));
  }

  private static void pause(long millis, String link) throws ResponseTransportException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw HttpTransport.interrupted(link, e);
    }
  }
}
