package dev.onbehalf.applinks;

import dev.onbehalf.oauth1.OAuthParameters;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Says in a sentence or two why a peer refused, and what helps. */
final class Refusal {
  private Refusal() {}

  /** Explains a refused request to the peer's API. */
  static AuthenticationResponseException ofCall(
      ApplicationLinkDetails link,
      Mode mode,
      @Nullable String person,
      Challenge challenge,
      InstantSource clock) {
    String problem = challenge.problem();
    if (problem == null) {
      return exception(LinkError.AUTH_LEVEL_UNSUPPORTED, link, challenge, levelOff(mode, person));
    }
    if (problem.equals("permission_denied")) {
      return exception(LinkError.OAUTH_PROBLEM, link, challenge, denied(mode, person));
    }
    return ofProblem(link, problem, challenge, clock);
  }

  /** Explains a refusal that does not depend on the kind of request. */
  static AuthenticationResponseException ofProblem(
      ApplicationLinkDetails link, String problem, Challenge challenge, InstantSource clock) {
    LinkError error = LinkError.OAUTH_PROBLEM;
    String sentence;
    switch (problem) {
      case "timestamp_refused" -> {
        error = LinkError.OAUTH_TIMESTAMP_REFUSED;
        sentence = skew(challenge, clock);
      }
      case "signature_invalid" -> {
        error = LinkError.OAUTH_SIGNATURE_INVALID;
        sentence =
            "its signature does not fit. Compare the key or secret there with the one here, and the"
                + " link's URL with the peer's own base URL.";
      }
      case "consumer_key_unknown" ->
          sentence =
              "it does not know this consumer key (consumer_key_unknown). The link was removed or"
                  + " reset there: register the consumer again, with the same key.";
      case "consumer_key_rejected", "consumer_key_refused" ->
          sentence =
              "it refuses this consumer (" + problem + "). Ask its administrator to let it in.";
      case "signature_method_rejected" ->
          sentence =
              "it expects another signature method. Atlassian products take RSA-SHA1, generic"
                  + " providers mostly HMAC-SHA1.";
      case "nonce_used" ->
          sentence =
              "it has seen this request before. A proxy on the way repeats requests, or connections"
                  + " break off before the answer.";
      case "parameter_absent", "parameter_rejected", "version_rejected" ->
          sentence = "it found the request malformed (" + problem + ").";
      case "user_refused" -> sentence = "it refuses this person for now. Try again later.";
      case "token_expired", "token_rejected", "token_revoked" ->
          sentence = "the token is of no use any more (" + problem + "). Authorise the link again.";
      default -> sentence = "it names the problem " + quote(problem) + ".";
    }
    return exception(error, link, challenge, sentence);
  }

  /** Explains why a dance gave no token. */
  static AuthenticationResponseException ofDance(
      ApplicationLinkDetails link, String problem, Challenge challenge, InstantSource clock) {
    String sentence =
        switch (problem) {
          case "permission_denied" ->
              "the person declined, or the consumer may not ask people there. Start again if that"
                  + " was a mistake.";
          case "permission_unknown", "token_not_authorized" ->
              "nobody has allowed it yet. Open the authorisation address first.";
          case "token_expired" -> "it took too long. Start the authorisation again.";
          case "token_used" -> "this authorisation was finished before. Start another one.";
          case "token_rejected" ->
              "the code is not the one it gave, or the authorisation is over. Start it again.";
          default -> null;
        };
    return sentence == null
        ? ofProblem(link, problem, challenge, clock)
        : exception(LinkError.OAUTH_PROBLEM, link, challenge, sentence);
  }

  /** Explains a status that is not 2xx. */
  static ResponseStatusException ofStatus(
      ApplicationLinkDetails link, ReceivedResponse response, boolean showTarget) {
    int status = response.getStatusCode();
    String start = "The peer of the link '" + link.name() + "' answered with status " + status;
    if (response.isRedirect()) {
      String target = showTarget ? response.getHeader("Location") : null;
      return new ResponseStatusException(
          LinkError.REDIRECTED,
          start
              + ", a redirect"
              + (target == null ? "" : " to " + quote(target))
              + "; credentials do not follow. If it moved, correct the link's URL.",
          status);
    }
    return new ResponseStatusException(
        LinkError.UNEXPECTED_RESPONSE_STATUS,
        start
            + (response.isHtml()
                ? " and a page for people; a proxy or login page may stand before it."
                : "."),
        status);
  }

  private static AuthenticationResponseException exception(
      LinkError error, ApplicationLinkDetails link, Challenge challenge, String sentence) {
    return new AuthenticationResponseException(
        error,
        "The peer of the link '" + link.name() + "' refused: " + sentence,
        challenge.problem(),
        challenge.get(OAuthParameters.PROBLEM_ADVICE));
  }

  private static String levelOff(Mode mode, @Nullable String person) {
    return switch (mode) {
      case THREE_LEGGED -> "the person " + quote(person) + " may not sign in there.";
      case TWO_LEGGED ->
          "two-legged requests are off for this consumer, or whom they run as may not sign in."
              + " Switch them on in its incoming link.";
      case IMPERSONATING ->
          "impersonation is off for this consumer, or "
              + quote(person)
              + " may not sign in. Switch it on in its incoming link, or use the person's token.";
    };
  }

  private static String denied(Mode mode, @Nullable String person) {
    return switch (mode) {
      case THREE_LEGGED ->
          "this consumer may not use people's tokens, or not for this. Look at its incoming link.";
      case TWO_LEGGED ->
          "whom two-legged requests run as is not set or not known there. Look at its incoming"
              + " link.";
      case IMPERSONATING -> "there is no person " + quote(person) + ", or nobody may act as them.";
    };
  }

  private static String skew(Challenge challenge, InstantSource clock) {
    String range = challenge.get(OAuthParameters.ACCEPTABLE_TIMESTAMPS);
    String fix = " Set both clocks by NTP.";
    if (range != null) {
      String[] ends = range.split("-", 2);
      try {
        long middle = (Long.parseLong(ends[0]) + Long.parseLong(ends[ends.length - 1])) / 2;
        long ahead =
            clock.instant().getEpochSecond() - Instant.ofEpochSecond(middle).getEpochSecond();
        return "the clock here is "
            + Math.abs(ahead)
            + " s "
            + (ahead < 0 ? "behind" : "ahead of")
            + " the clock there."
            + fix;
      } catch (NumberFormatException e) {
        return "the clocks differ too much." + fix;
      }
    }
    return "the clocks differ too much." + fix;
  }

  private static String quote(@Nullable String text) {
    if (text == null) {
      return "''";
    }
    String safe = text.replaceAll("[^ -~]", "?");
    return "'" + (safe.length() > 200 ? safe.substring(0, 200) + "..." : safe) + "'";
  }
}
