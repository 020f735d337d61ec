package dev.onbehalf.applinks;

import dev.onbehalf.oauth1.OAuthParameters;
import dev.onbehalf.oauth1.Signer;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A request that is signed and sent when it is executed. */
final class LinkRequest implements ApplicationLinkRequest {
  private static final int MAX_REDIRECTS = 5;
  private static final String CONTENT_TYPE = "Content-Type";

  private final RequestFactory factory;
  private final ApplicationLinkDetails link;
  private final Request.MethodType method;
  private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final List<LinkUrl.Parameter> parameters = new ArrayList<>();
  private List<RequestFilePart> files = List.of();
  private RequestBody body = RequestBody.NONE;
  private URI url;
  private int connectMillis = HttpTransport.CONNECT_MILLIS;
  private int responseMillis = HttpTransport.RESPONSE_MILLIS;
  private boolean followRedirects;

  LinkRequest(RequestFactory factory, Request.MethodType method, String url) {
    this.factory = factory;
    this.link = factory.link();
    this.method = method;
    this.url = LinkUrl.resolve(link.rpcUrl(), url);
    refuseRequestor(LinkUrl.decode(this.url.getRawQuery()));
  }

  /** What names a person to the peer is ours to set, never the caller's. */
  private void refuseRequestor(List<LinkUrl.Parameter> given) {
    for (LinkUrl.Parameter parameter : given) {
      if (isRequestor(parameter)) {
        throw new IllegalArgumentException(
            "The parameter "
                + parameter.name()
                + " names whom a request runs as; use ApplicationLink.actingAs instead.");
      }
    }
  }

  private boolean isRequestor(LinkUrl.Parameter parameter) {
    return parameter.name().equals(OAuthParameters.REQUESTOR_ID)
        || (parameter.name().equals(OAuthParameters.USER_ID) && factory.mode() == Mode.TWO_LEGGED);
  }

  @Override
  public ApplicationLinkRequest setConnectionTimeout(int millis) {
    connectMillis = requirePositive(millis);
    return this;
  }

  @Override
  public ApplicationLinkRequest setSoTimeout(int millis) {
    responseMillis = requirePositive(millis);
    return this;
  }

  private static int requirePositive(int millis) {
    if (millis <= 0) {
      throw new IllegalArgumentException("A timeout is at least 1 ms.");
    }
    return millis;
  }

  @Override
  public ApplicationLinkRequest setUrl(String to) {
    URI resolved = LinkUrl.resolve(link.rpcUrl(), to);
    refuseRequestor(LinkUrl.decode(resolved.getRawQuery()));
    url = resolved;
    return this;
  }

  @Override
  public ApplicationLinkRequest setRequestBody(String text) {
    return setRequestBody(text, "application/json");
  }

  @Override
  public ApplicationLinkRequest setRequestBody(String text, String contentType) {
    if (RequestBody.isForm(contentType)) {
      refuseRequestor(LinkUrl.decode(text));
    }
    body = RequestBody.text(text, contentType);
    return this;
  }

  @Override
  public ApplicationLinkRequest setRequestBody(Supplier<InputStream> stream, String contentType) {
    body = RequestBody.stream(stream, contentType);
    return this;
  }

  @Override
  public ApplicationLinkRequest setFiles(List<RequestFilePart> parts) {
    files = List.copyOf(parts);
    return this;
  }

  @Override
  public ApplicationLinkRequest addRequestParameters(String... pairs) {
    if (pairs.length % 2 != 0) {
      throw new IllegalArgumentException("Request parameters come in pairs of name and value.");
    }
    List<LinkUrl.Parameter> added = new ArrayList<>();
    for (int i = 0; i < pairs.length; i += 2) {
      added.add(new LinkUrl.Parameter(pairs[i], pairs[i + 1]));
    }
    refuseRequestor(added);
    parameters.addAll(added);
    return this;
  }

  @Override
  public ApplicationLinkRequest addHeader(String name, String value) {
    HttpRequest.newBuilder(url).header(name, value);
    if (name.equalsIgnoreCase("Authorization") || name.equalsIgnoreCase(CONTENT_TYPE)) {
      throw new IllegalArgumentException(
          "The header " + name + " is set by the request; give the type beside the body.");
    }
    headers.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    return this;
  }

  @Override
  public ApplicationLinkRequest setHeader(String name, String value) {
    List<String> before = headers.remove(name);
    try {
      return addHeader(name, value);
    } catch (IllegalArgumentException e) {
      if (before != null) {
        headers.put(name, before);
      }
      throw e;
    }
  }

  @Override
  public ApplicationLinkRequest setFollowRedirects(boolean follow) {
    followRedirects = follow;
    return this;
  }

  @Override
  public Map<String, List<String>> getHeaders() {
    Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach((name, values) -> copy.put(name, List.copyOf(values)));
    return copy;
  }

  @Override
  public String execute() throws ResponseException, CredentialsRequiredException {
    return executeAndReturn(
        response -> {
          if (!response.isSuccessful()) {
            throw Refusal.ofStatus(link, (ReceivedResponse) response, true);
          }
          return response.getResponseBodyAsString();
        });
  }

  @Override
  public void execute(ResponseHandler handler)
      throws ResponseException, CredentialsRequiredException {
    try (Outcome outcome = send()) {
      if (outcome.credentialsRequired()) {
        throw factory.credentialsRequired();
      }
      handler.handle(outcome.response());
    }
  }

  @Override
  public <R extends @Nullable Object> R executeAndReturn(ReturningResponseHandler<R> handler)
      throws ResponseException, CredentialsRequiredException {
    try (Outcome outcome = send()) {
      if (outcome.credentialsRequired()) {
        throw factory.credentialsRequired();
      }
      return handler.handle(outcome.response());
    }
  }

  @Override
  public <R extends @Nullable Object> R execute(ApplicationLinkResponseHandler<R> handler)
      throws ResponseException {
    try (Outcome outcome = send()) {
      return outcome.credentialsRequired()
          ? handler.credentialsRequired(outcome.response())
          : handler.handle(outcome.response());
    }
  }

  private record Outcome(ReceivedResponse response, boolean credentialsRequired)
      implements AutoCloseable {
    @Override
    public void close() {
      response.close();
    }
  }

  private Outcome send() throws ResponseException {
    AccessTokens tokens = factory.tokens();
    if (tokens == null) {
      return checked(exchange(link.signer().twoLegged(), url));
    }
    AccessToken token = tokens.current();
    for (int attempt = 0; token != null; attempt++) {
      ReceivedResponse response =
          exchange(link.signer().withToken(token.value(), token.secret()), url);
      Challenge challenge = challenge(response);
      if (!challenge.tokenLost()) {
        return checked(response);
      }
      AccessToken next;
      try {
        next = tokens.instead(token, "token_expired".equals(challenge.problem()));
      } catch (ResponseException | RuntimeException e) {
        response.close();
        throw e;
      }
      if (next == null || attempt > 0) {
        return new Outcome(response, true);
      }
      response.close();
      token = next;
    }
    return new Outcome(new ReceivedResponse(link.name(), url), true);
  }

  private Outcome checked(ReceivedResponse response) throws ResponseException {
    Challenge challenge = challenge(response);
    try {
      boolean levelOff =
          response.getStatusCode() == 401 && challenge.echoes() && response.isEmpty();
      if (challenge.problem() == null && !levelOff) {
        return new Outcome(response, false);
      }
    } catch (ResponseException e) {
      response.close();
      throw e;
    }
    response.close();
    throw Refusal.ofCall(
        link, factory.mode(), factory.person(), challenge, factory.context().clock());
  }

  private static Challenge challenge(ReceivedResponse response) throws ResponseException {
    try {
      return response.challenge();
    } catch (ResponseException e) {
      response.close();
      throw e;
    }
  }

  private ReceivedResponse exchange(Signer signer, URI first) throws ResponseException {
    ReceivedResponse response = repeated(() -> sendSigned(signer, first, true));
    URI at = first;
    boolean signed = true;
    boolean repeatable = method == Request.MethodType.GET || method == Request.MethodType.HEAD;
    for (int i = 0; followRedirects && repeatable && response.isRedirect(); i++) {
      URI next = target(at, response);
      if (next == null || i == MAX_REDIRECTS || !keepsPerson(next)) {
        return response;
      }
      response.close();
      signed = signed && LinkUrl.isBelow(link.rpcUrl(), next);
      boolean withSignature = signed;
      response = repeated(() -> withSignature ? sendSigned(signer, next, false) : sendBare(next));
      at = next;
    }
    return response;
  }

  private ReceivedResponse repeated(Retries.Attempt attempt) throws ResponseException {
    return factory.context().retries().run(method, link.name(), attempt);
  }

  private static @Nullable URI target(URI from, ReceivedResponse response) {
    String location = response.getHeader("Location");
    if (location == null) {
      return null;
    }
    try {
      URI next = LinkUrl.absolute(from.resolve(location.split("#", 2)[0]).toString());
      boolean downgrade = from.getScheme().equals("https") && !next.getScheme().equals("https");
      return downgrade ? null : next;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private ReceivedResponse sendSigned(Signer signer, URI to, boolean withParameters)
      throws ResponseException {
    boolean inForm = method == Request.MethodType.POST || method == Request.MethodType.PUT;
    URI target = to;
    RequestBody sent = body;
    if (!files.isEmpty()) {
      sent = RequestBody.multipart(parameters, files);
    } else if (!parameters.isEmpty() && inForm && body.isAbsent()) {
      sent = RequestBody.form(parameters);
    } else if (withParameters) {
      target = LinkUrl.withQuery(to, parameters);
    }
    if (factory.mode() == Mode.IMPERSONATING) {
      String person = ConfiguredLink.requirePerson(link, factory.person());
      target = withRequestor(target, person);
    }
    String authorization =
        signer
            .withClock(factory.context().clock())
            .sign(method.name(), target.toString(), sent.form(), Map.of())
            .authorizationHeader();
    HttpRequest.Builder request = HttpRequest.newBuilder(target).method(method.name(), sent.open());
    headers.forEach((name, values) -> values.forEach(value -> request.header(name, value)));
    String contentType = sent.contentType();
    if (contentType != null) {
      request.header(CONTENT_TYPE, contentType);
    }
    return receive(request.header("Authorization", authorization), true);
  }

  private URI withRequestor(URI target, String person) {
    return names(target).isEmpty()
        ? LinkUrl.withQuery(
            target, List.of(new LinkUrl.Parameter(OAuthParameters.REQUESTOR_ID, person)))
        : target;
  }

  private List<LinkUrl.Parameter> names(URI target) {
    return LinkUrl.decode(target.getRawQuery()).stream().filter(this::isRequestor).toList();
  }

  /** Whether a redirect names nobody, or the very person the request runs as. */
  private boolean keepsPerson(URI next) {
    List<LinkUrl.Parameter> named = names(next);
    return named.isEmpty()
        || (factory.mode() == Mode.IMPERSONATING
            && named.size() == 1
            && named.get(0).value().equals(factory.person()));
  }

  private ReceivedResponse sendBare(URI to) throws ResponseException {
    return receive(
        HttpRequest.newBuilder(to).method(method.name(), BodyPublishers.noBody()), false);
  }

  private ReceivedResponse receive(HttpRequest.Builder request, boolean ofPeer)
      throws ResponseException {
    return new ReceivedResponse(
        link.name(),
        factory.context().http().send(request, connectMillis, responseMillis, link.name()),
        responseMillis,
        ofPeer);
  }

  /** Prints the method and path, no header. */
  @Override
  public String toString() {
    return method + " " + url.getRawPath();
  }
}
