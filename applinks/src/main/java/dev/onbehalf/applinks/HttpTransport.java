package dev.onbehalf.applinks;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Sends requests and says in one sentence why no answer came. Safe for several threads. */
final class HttpTransport {
  static final int CONNECT_MILLIS = 10_000;
  static final int RESPONSE_MILLIS = 60_000;
  private static final int MAX_CAUSES = 20;

  private final UnaryOperator<HttpClient.Builder> settings;
  private final TargetCheck targets;
  private final Map<Integer, HttpClient> clients = new ConcurrentHashMap<>();

  HttpTransport(UnaryOperator<HttpClient.Builder> settings, TargetCheck targets) {
    this.settings = settings;
    this.targets = targets;
  }

  /** Sends a request; the answer's body fails when nothing comes for {@code responseMillis}. */
  HttpResponse<InputStream> send(
      HttpRequest.Builder request, int connectMillis, int responseMillis, String link)
      throws ResponseTransportException {
    HttpRequest built = request.timeout(Duration.ofMillis(responseMillis)).build();
    try {
      targets.check(built.uri());
      return client(connectMillis).send(built, BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw failure(e, built.uri(), link);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(link, e);
    }
  }

  static ResponseTransportException interrupted(String link, InterruptedException cause) {
    return failure(
        LinkError.UNKNOWN, "The request through the link '" + link + "' was interrupted.", cause);
  }

  private HttpClient client(int connectMillis) {
    return clients.computeIfAbsent(
        connectMillis,
        millis ->
            settings
                .apply(
                    HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofMillis(millis)))
                .followRedirects(HttpClient.Redirect.NEVER)
                .build());
  }

  static ResponseTransportException failure(IOException cause, URI url, String link) {
    String host = LinkUrl.origin(url);
    String start = "The link '" + link + "' cannot reach " + host + ": ";
    if (cause instanceof RefusedTargetException) {
      return failure(LinkError.ADDRESS_REFUSED, start + cause.getMessage(), cause);
    }
    if (cause instanceof HttpConnectTimeoutException) {
      return failure(
          LinkError.TIMEOUT, start + "no connection in time. Check a firewall or proxy.", cause);
    }
    if (cause instanceof HttpTimeoutException) {
      return failure(
          LinkError.TIMEOUT, start + "no answer in time. Ask again, or allow more time.", cause);
    }
    if (has(cause, UnknownHostException.class) || has(cause, UnresolvedAddressException.class)) {
      return failure(
          LinkError.UNKNOWN_HOST,
          start + "its host name is unknown. Correct the link's URL, or DNS.",
          cause);
    }
    if (cause instanceof SSLException tls) {
      return tlsFailure(tls, start);
    }
    if (has(cause, ConnectException.class)) {
      return failure(
          LinkError.CONNECTION_REFUSED,
          start + "nothing listens there. Start it, or correct the link's URL.",
          cause);
    }
    return failure(
        LinkError.UNKNOWN, start + "the connection broke off. Ask again; look at its log.", cause);
  }

  private static ResponseTransportException tlsFailure(SSLException cause, String start) {
    if (has(cause, CertificateExpiredException.class)
        || has(cause, CertificateNotYetValidException.class)) {
      return failure(
          LinkError.SSL_UNTRUSTED,
          start + "its certificate is expired or not valid yet. Renew it there.",
          cause);
    }
    if (namesAnotherHost(cause)) {
      return failure(
          LinkError.SSL_HOSTNAME_UNMATCHED,
          start + "its certificate is for another host name. Use a name the certificate has.",
          cause);
    }
    if (cause instanceof SSLHandshakeException && has(cause, CertificateException.class)) {
      return failure(
          LinkError.SSL_UNTRUSTED,
          start + "its certificate is not trusted here. Add its authority to the trust store.",
          cause);
    }
    return failure(
        LinkError.SSL_UNMATCHED,
        start + "TLS failed. Check that it speaks https there, and which versions.",
        cause);
  }

  private static boolean namesAnotherHost(Throwable failure) {
    @Nullable Throwable cause = failure;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
      String message = cause.getMessage();
      if (cause.getClass() == CertificateException.class
          && message != null
          && (message.startsWith("No subject alternative")
              || message.startsWith("No name match"))) {
        return true;
      }
    }
    return false;
  }

  static boolean has(Throwable failure, Class<? extends Throwable> type) {
    @Nullable Throwable cause = failure;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  private static ResponseTransportException failure(
      LinkError error, String message, Throwable cause) {
    return new ResponseTransportException(error, message, cause);
  }
}
