package dev.onbehalf.server.diagnosis;

import dev.onbehalf.oauth1.Keys;
import dev.onbehalf.oauth1.OAuthMessage;
import dev.onbehalf.oauth1.OAuthProblemException;
import dev.onbehalf.oauth1.SignatureVerifier;
import dev.onbehalf.server.access.RefusedRequest;
import dev.onbehalf.server.access.SignatureKeys;
import dev.onbehalf.server.access.SignatureKeys.Candidate;
import dev.onbehalf.server.access.SignedRequest;
import dev.onbehalf.server.diagnosis.Explanation.Finding;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds which variant of a request a refused signature would have fitted. */
final class SignatureAnalysis {
  private static final List<String> METHODS =
      List.of("GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS");
  private static final int MOST_OTHER_KEYS = 200;
  private static final int MOST_DROPPED = 24;

  private final UrlVariants urls;
  private final SignatureKeys keys;

  SignatureAnalysis(UrlVariants urls, SignatureKeys keys) {
    this.urls = urls;
    this.keys = keys;
  }

  Finding explain(RefusedRequest refused, OAuthMessage message) {
    List<Candidate> all = keys.candidates(message.token());
    List<Candidate> own =
        all.stream().filter(key -> key.consumerKey().equals(refused.consumerKey())).toList();
    SignedRequest request = refused.request();
    for (Candidate key : own) {
      Finding finding = withKey(request, message, key);
      if (finding != null) {
        return finding;
      }
    }
    Finding other = anotherConsumer(request, message, all, refused.consumerKey());
    if (other != null) {
      return other;
    }
    for (Candidate key : own) {
      if (key.publicKey() != null && opens(message, key)) {
        return new Finding(
            "The peer's key is the registered one ("
                + Keys.thumbprint(key.publicKey())
                + "), but it signed a base string that none of the variants tried here has.",
            "Compare the base string below with the one in the peer's log: the first difference"
                + " names what was changed on the way.");
      }
    }
    if (own.stream().anyMatch(key -> key.publicKey() != null)) {
      return new Finding(
          "The signature was not made with a key that is registered here for this consumer.",
          "Register the peer's present public key: onbehalf consumer rotate-key, with the key its"
              + " own link page shows.");
    }
    return new Finding(
        "The signature fits neither the shared secret nor any variant of the request tried here.",
        "Enter the shared secret again on both sides (onbehalf consumer rotate-secret), and compare"
            + " the base string below with the peer's log.");
  }

  private @Nullable Finding withKey(SignedRequest request, OAuthMessage message, Candidate key) {
    String method = request.method();
    if (fits(message, method, request.urls(), key)) {
      return new Finding(
          "The signature fits now, so the key was registered, or a secret changed, after the"
              + " request came.",
          "Let the peer try again.");
    }
    Finding finding = anotherMethod(request, message, key);
    if (finding == null) {
      finding = anotherUrl(request, message, key);
    }
    return finding == null ? otherParameters(request, key) : finding;
  }

  private static @Nullable Finding anotherMethod(
      SignedRequest request, OAuthMessage message, Candidate key) {
    for (String method : METHODS) {
      if (!method.equals(request.method()) && fits(message, method, request.urls(), key)) {
        return new Finding(
            "The peer signed the method " + method + ", but " + request.method() + " arrived.",
            "Look for a cache or proxy in between that changes the method, or a client that"
                + " follows a redirect with another one.");
      }
    }
    return null;
  }

  private @Nullable Finding anotherUrl(SignedRequest request, OAuthMessage message, Candidate key) {
    for (String url : request.urls()) {
      Map<String, Finding> variants = urls.of(url);
      if (variants.isEmpty()) {
        continue;
      }
      String signed =
          SignatureVerifier.matchingUrl(
              message, request.method(), List.copyOf(variants.keySet()), key.key());
      if (signed != null) {
        return variants.get(signed);
      }
    }
    return null;
  }

  private static @Nullable Finding otherParameters(SignedRequest request, Candidate key) {
    for (Changed changed : changes(request)) {
      OAuthMessage message = changed.parse(request.authorization());
      if (message != null && fits(message, request.method(), request.urls(), key)) {
        return changed.finding();
      }
    }
    return null;
  }

  /** The request with other parameters than it came with. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Changed(@Nullable String rawQuery, byte @Nullable [] form, Finding finding) {
    @Nullable OAuthMessage parse(List<String> authorization) {
      try {
        return OAuthMessage.parse(authorization, rawQuery, form);
      } catch (OAuthProblemException e) {
        return null;
      }
    }
  }

  private static List<Changed> changes(SignedRequest request) {
    List<Changed> changes = new ArrayList<>();
    String query = request.rawQuery();
    if (request.form() != null) {
      changes.add(
          new Changed(
              query,
              null,
              new Finding(
                  "The peer left the form body out of its signature.",
                  "RFC 5849 3.4.1.3.1 counts it: update the client, or send the body as JSON, which"
                      + " no signature covers.")));
    }
    if (query == null || query.isEmpty()) {
      return changes;
    }
    changes.add(
        new Changed(
            null,
            request.form(),
            new Finding(
                "The peer left the query out of its signature.",
                "RFC 5849 3.4.1.3.1 counts it: update the client, or look for a proxy that adds"
                    + " parameters.")));
    if (query.indexOf('+') >= 0) {
      changes.add(
          new Changed(
              query.replace("+", "%2B"),
              request.form(),
              new Finding(
                  "The peer signed '+' in the query as a plus sign, but in a query it is a space.",
                  "Let the client write spaces as %20 and plus signs as %2B.")));
    }
    if (query.contains("%2B") || query.contains("%2b")) {
      changes.add(
          new Changed(
              query.replace("%2B", "+").replace("%2b", "+"),
              request.form(),
              new Finding(
                  "The peer signed a space where a plus sign (%2B) arrived.",
                  "Look for a proxy that encodes the query again, and let the client write spaces"
                      + " as %20.")));
    }
    if (query.contains("%25")) {
      changes.add(
          new Changed(
              query.replace("%25", "%"),
              request.form(),
              new Finding(
                  "The query arrived percent-encoded twice.",
                  "Let the proxy in front forward the query as it comes.")));
    }
    changes.addAll(dropped(request, query));
    return changes;
  }

  private static List<Changed> dropped(SignedRequest request, String query) {
    List<Changed> changes = new ArrayList<>();
    List<String> pairs = Arrays.asList(query.split("&", -1));
    for (int i = 0; i < pairs.size() && i < MOST_DROPPED && pairs.size() > 1; i++) {
      List<String> others = new ArrayList<>(pairs);
      String name = others.remove(i).split("=", 2)[0];
      changes.add(
          new Changed(
              String.join("&", others),
              request.form(),
              new Finding(
                  "The parameter '" + name + "' was added after the request was signed.",
                  "Look for the proxy or script that appends it, and let it sign too or stop.")));
    }
    return changes;
  }

  private static @Nullable Finding anotherConsumer(
      SignedRequest request, OAuthMessage message, List<Candidate> all, @Nullable String consumer) {
    int tried = 0;
    Set<String> seen = new LinkedHashSet<>();
    for (Candidate key : all) {
      if (key.consumerKey().equals(consumer) || ++tried > MOST_OTHER_KEYS) {
        continue;
      }
      if (fits(message, request.method(), request.urls(), key) && seen.add(key.consumerKey())) {
        return new Finding(
            "The signature was made with the key of the consumer '"
                + key.consumerKey()
                + "', not with that of '"
                + consumer
                + "'.",
            "Correct the consumer key or the key pair in the peer's link.");
      }
    }
    return null;
  }

  private static boolean fits(
      OAuthMessage message, String method, List<String> urls, Candidate key) {
    return SignatureVerifier.matchingUrl(message, method, urls, key.key()) != null;
  }

  /** Whether the signature is one by this RSA key at all (RFC 8017 9.2), whatever was signed. */
  private static boolean opens(OAuthMessage message, Candidate candidate) {
    String signature = message.signature();
    if (signature == null || candidate.publicKey() == null) {
      return false;
    }
    try {
      BigInteger encoded =
          new BigInteger(1, Base64.getMimeDecoder().decode(signature))
              .modPow(
                  candidate.publicKey().getPublicExponent(), candidate.publicKey().getModulus());
      byte[] bytes = encoded.toByteArray();
      int i = 1;
      while (i < bytes.length && bytes[i] == (byte) 0xFF) {
        i++;
      }
      return bytes.length > 64 && bytes[0] == 1 && i > 8 && i < bytes.length && bytes[i] == 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
