package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.OAuthMessage;
import dev.onbehalf.oauth1.OAuthProblemException;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.access.RefusalListener;
import dev.onbehalf.server.access.RefusedRequest;
import dev.onbehalf.server.access.SignatureKeys;
import dev.onbehalf.server.access.SignedRequest;
import dev.onbehalf.server.web.WebRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Hands refused requests to the diagnosis, with the keys to hold them against. */
final class Refusals implements SignatureKeys {
  private final ConsumerCache consumers;
  private final JdbiRequestTokenStore requestTokens;
  private final AccessTokenCache accessTokens;
  private volatile RefusalListener listener = RefusalListener.none();

  Refusals(
      ConsumerCache consumers, JdbiRequestTokenStore requestTokens, AccessTokenCache accessTokens) {
    this.consumers = consumers;
    this.requestTokens = requestTokens;
    this.accessTokens = accessTokens;
  }

  void tell(RefusalListener hearer) {
    listener = hearer;
  }

  void refused(SignedRequest request, OAuthProblemException e, @Nullable OAuthMessage message) {
    listener.refused(
        new RefusedRequest(
            request,
            e.problem().code(),
            e.detail(),
            message == null ? null : message.consumerKey()));
  }

  void refused(WebRequest request, OAuthProblemException e) {
    List<String> authorization = request.headerValues("authorization");
    byte[] form = request.hasForm() ? request.body() : null;
    OAuthMessage message = null;
    try {
      message = OAuthMessage.parse(authorization, request.rawQuery(), form);
    } catch (OAuthProblemException malformed) {
      // The refusal itself says so.
    }
    refused(
        new SignedRequest(
            request.id(),
            Optional.ofNullable(request.application()).orElse("-"),
            request.method(),
            request.urls(),
            request.rawQuery(),
            authorization,
            form,
            request.remoteAddress()),
        e,
        message);
  }

  @Override
  public List<Candidate> candidates(@Nullable String token) {
    Secret secret = secret(token);
    List<Candidate> candidates = new ArrayList<>();
    consumers.all().forEach(consumer -> candidates.addAll(consumer.candidates(secret)));
    return candidates;
  }

  private Secret secret(@Nullable String token) {
    if (token == null || token.isEmpty()) {
      return Secret.of("");
    }
    JdbiAccessTokenStore.Live access = accessTokens.find(token);
    if (access != null) {
      return access.secret();
    }
    return requestTokens.find(token).map(RequestToken::secret).orElse(Secret.of(""));
  }
}
