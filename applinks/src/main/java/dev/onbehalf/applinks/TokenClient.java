package dev.onbehalf.applinks;

import dev.onbehalf.oauth1.OAuthParameters;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.Signer;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks a peer's token endpoints (RFC 5849 2.1 and 2.3, {@code docs/peer-facts.md} 1.4). */
final class TokenClient {
  static final String OUT_OF_BAND = "oob";

  private final ApplicationLinkDetails link;
  private final LinkContext context;

  TokenClient(ApplicationLinkDetails link, LinkContext context) {
    this.link = link;
    this.context = context;
  }

  RequestToken requestToken(@Nullable URI callback) throws ResponseException {
    Map<String, String> answer =
        post(
            link.requestTokenUrl(),
            link.signer(),
            Map.of(OAuthParameters.CALLBACK, callback == null ? OUT_OF_BAND : callback.toString()));
    RequestToken token =
        new RequestToken(
            require(answer, OAuthParameters.TOKEN),
            Secret.of(require(answer, OAuthParameters.TOKEN_SECRET)),
            callback == null);
    if (link.callbackConfirmedRequired()
        && !"true".equals(answer.get(OAuthParameters.CALLBACK_CONFIRMED))) {
      throw new ResponseException(
          LinkError.UNEXPECTED_RESPONSE,
          "The peer of the link '"
              + link.name()
              + "' did not confirm the callback, so it speaks the unsafe OAuth 1.0. Update it, or"
              + " allow that for this link.",
          null);
    }
    return token;
  }

  AccessToken accessToken(RequestToken token, String verifier) throws ResponseException {
    return access(
        post(
            link.accessTokenUrl(),
            link.signer().withToken(token.value(), token.secret()),
            Map.of(OAuthParameters.VERIFIER, verifier)));
  }

  AccessToken renew(AccessToken token, Secret sessionHandle) throws ResponseException {
    return access(
        post(
            link.accessTokenUrl(),
            link.signer().withToken(token.value(), token.secret()),
            Map.of(OAuthParameters.SESSION_HANDLE, sessionHandle.reveal())));
  }

  private AccessToken access(Map<String, String> answer) throws ResponseException {
    String handle = answer.get(OAuthParameters.SESSION_HANDLE);
    return new AccessToken(
        require(answer, OAuthParameters.TOKEN),
        Secret.of(require(answer, OAuthParameters.TOKEN_SECRET)),
        handle == null || handle.isEmpty() ? null : Secret.of(handle),
        expiry(answer.get(OAuthParameters.EXPIRES_IN)));
  }

  private @Nullable Instant expiry(@Nullable String seconds) {
    try {
      long left = seconds == null ? 0 : Long.parseLong(seconds);
      return left <= 0 || left > Integer.MAX_VALUE
          ? null
          : context.clock().instant().plusSeconds(left);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private Map<String, String> post(URI url, Signer signer, Map<String, String> extra)
      throws ResponseException {
    String header =
        signer
            .withClock(context.clock())
            .sign("POST", url.toString(), null, new LinkedHashMap<>(extra))
            .authorizationHeader();
    HttpResponse<InputStream> raw =
        context
            .http()
            .send(
                HttpRequest.newBuilder(url)
                    .header("Authorization", header)
                    .header("Accept", "*/*")
                    .POST(BodyPublishers.noBody()),
                HttpTransport.CONNECT_MILLIS,
                HttpTransport.RESPONSE_MILLIS,
                link.name());
    try (ReceivedResponse response =
        new ReceivedResponse(link.name(), raw, HttpTransport.RESPONSE_MILLIS, true)) {
      Challenge challenge = response.challenge();
      String problem = challenge.problem();
      if (problem != null) {
        throw Refusal.ofDance(link, problem, challenge, context.clock());
      }
      if (!response.isSuccessful()) {
        throw Refusal.ofStatus(link, response, true);
      }
      if (response.isHtml()) {
        throw unexpected("a page for people");
      }
      Map<String, String> answer = new HashMap<>();
      for (LinkUrl.Parameter parameter : LinkUrl.decode(response.getResponseBodyAsString())) {
        answer.putIfAbsent(parameter.name(), parameter.value());
      }
      String late = answer.get(OAuthParameters.PROBLEM);
      if (late != null) {
        throw Refusal.ofDance(
            link, late, Challenge.of(List.of(), LinkUrl.encode(toList(answer))), context.clock());
      }
      return answer;
    }
  }

  private static List<LinkUrl.Parameter> toList(Map<String, String> answer) {
    return answer.entrySet().stream()
        .map(entry -> new LinkUrl.Parameter(entry.getKey(), entry.getValue()))
        .toList();
  }

  private String require(Map<String, String> answer, String name) throws ResponseException {
    String value = answer.get(name);
    if (value == null || value.isEmpty()) {
      throw unexpected("no " + name);
    }
    return value;
  }

  private ResponseException unexpected(String what) {
    return new ResponseException(
        LinkError.UNEXPECTED_RESPONSE,
        "The peer of the link '"
            + link.name()
            + "' answered with "
            + what
            + " where a token was asked for. Check the link's URLs, and what stands before the peer.",
        null);
  }
}
