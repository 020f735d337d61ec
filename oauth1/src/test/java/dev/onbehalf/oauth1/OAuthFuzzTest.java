package dev.onbehalf.oauth1;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Runs on the kept inputs in an ordinary build; {@code mvn -Pfuzz -pl oauth1 test
 * -Dfuzz.test=OAuthFuzzTest#header} searches for new ones.
 */
class OAuthFuzzTest {

  @FuzzTest(maxDuration = "2m")
  void header(byte[] data) {
    String header = "OAuth " + new String(data, StandardCharsets.ISO_8859_1);

    OAuthMessage.mayBeSigned(List.of(header), null, data);
    Differential.check("https://example.com/a", header, null, "");
  }

  @FuzzTest(maxDuration = "2m")
  void form(byte[] data) {
    String text = new String(data, StandardCharsets.ISO_8859_1);

    OAuthMessage.mayBeSigned(List.of(), text, data);
    Differential.check("https://example.com/a", null, null, text);
  }

  @FuzzTest(maxDuration = "2m")
  void request(FuzzedDataProvider data) {
    String header = data.consumeBoolean() ? "OAuth " + data.consumeAsciiString(300) : null;
    String query = data.consumeBoolean() ? data.consumeAsciiString(300) : null;
    byte[] form = data.consumeRemainingAsBytes();

    Differential.check(
        "http://EXAMPLE.com:8080/a%2Fb",
        header, query, new String(form, StandardCharsets.ISO_8859_1));
  }

  @FuzzTest(maxDuration = "2m")
  void verification(FuzzedDataProvider data) {
    String signature = data.consumeString(400);
    String url = data.consumeString(100);
    OAuthMessage message =
        OAuthMessage.parse(List.of(), "oauth_signature=" + PercentEncoding.encode(signature), null);
    for (SignatureMethod method : SignatureMethod.values()) {
      VerificationKey key =
          method.isRsa()
              ? VerificationKey.rsa(method, TestKeys.PUBLIC)
              : VerificationKey.hmac(method, Secret.of("s"), Secret.of(""));
      try {
        if (SignatureVerifier.matchingUrl(message, "GET", List.of(url), key) != null) {
          throw new AssertionError("accepted " + signature);
        }
      } catch (IllegalArgumentException e) {
        if (!String.valueOf(e.getMessage()).contains("not an absolute")) {
          throw e;
        }
      }
    }
  }
}
