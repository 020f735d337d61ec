package dev.onbehalf.server.gateway;

import dev.onbehalf.server.gateway.upstream.UpstreamException;
import dev.onbehalf.server.gateway.upstream.UpstreamListener;
import dev.onbehalf.server.gateway.upstream.UpstreamRequest;
import dev.onbehalf.server.gateway.upstream.UpstreamResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;

/** A small GET of the gateway's own to an upstream, as a person. */
final class Fetch {
  private static final int MAX_BODY_BYTES = 64 * 1024;

  private Fetch() {}

  /**
   * What came back.
   *
   * @param status HTTP status
   * @param cookies cookies it set, by name; of several with one name the last
   * @param body the body
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Answer(int status, Map<String, String> cookies, byte[] body) {

    /** Returns the cookies as the value of a {@code Cookie} header. */
    String cookieHeader() {
      return cookies.entrySet().stream()
          .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
          .collect(Collectors.joining("; "));
    }
  }

  /**
   * Asks for {@code path} below the upstream's base path.
   *
   * @return fails with an {@link UpstreamException} if there is no whole answer
   */
  static CompletableFuture<Answer> get(Visit visit, String path, String accept) {
    Application application = visit.arrived().application();
    HttpFields.Mutable headers = HttpFields.build();
    visit.arrived().site().fields().forEach(headers::add);
    headers.add(new HttpField(HttpHeader.X_FORWARDED_FOR, visit.arrived().clientAddress()));
    headers.add(HttpHeader.ACCEPT, accept);
    HttpField secret = application.secret();
    if (secret != null) {
      headers.add(secret);
    }
    visit.identity().forEach(headers::add);
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    application
        .client()
        .send(
            new UpstreamRequest("GET", application.basePath() + path, headers, null, 0, null, true),
            new Listener(answer),
            LoopConnector.loop(visit.arrived().request()));
    return answer;
  }

  private record Listener(CompletableFuture<Answer> answer) implements UpstreamListener {
    @Override
    public void onResponse(UpstreamResponse response) {
      Map<String, String> cookies = cookies(response.headers());
      Content.Source.asByteArrayAsync(
          response,
          MAX_BODY_BYTES,
          Promise.Invocable.from(
              InvocationType.NON_BLOCKING,
              body -> answer.complete(new Answer(response.status(), cookies, body)),
              failure -> {
                response.fail(failure);
                answer.completeExceptionally(
                    new UpstreamException(
                        UpstreamException.Reason.MALFORMED,
                        "The answer could not be read.",
                        failure));
              }));
    }

    @Override
    public void onFailure(UpstreamException failure) {
      answer.completeExceptionally(failure);
    }

    private static Map<String, String> cookies(HttpFields headers) {
      Map<String, String> cookies = new LinkedHashMap<>();
      for (String line : headers.getValuesList(HttpHeader.SET_COOKIE)) {
        int end = line.indexOf(';');
        String pair = end < 0 ? line : line.substring(0, end);
        int equals = pair.indexOf('=');
        if (equals > 0) {
          String name = pair.substring(0, equals).strip();
          cookies.remove(name);
          cookies.put(name, pair.substring(equals + 1).strip());
        }
      }
      return cookies;
    }
  }
}
