package dev.onbehalf.oauth1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The worked examples of RFC 5849. */
class Rfc5849ExamplesTest {
  private static final String CONSUMER = "dpf43f3p2l4k3l03";
  private static final Secret CONSUMER_SECRET = Secret.of("kd94hf93k423kf44");

  @Test
  void verifyWhenTemporaryCredentialsRequestOfSection12ThenAccepts() {
    String header =
        "OAuth realm=\"Photos\", oauth_consumer_key=\"dpf43f3p2l4k3l03\","
            + " oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"137131200\","
            + " oauth_nonce=\"wIjqoS\","
            + " oauth_callback=\"http%3A%2F%2Fprinter.example.com%2Fready\","
            + " oauth_signature=\"74KNZJeDHnMBp0EMJ9ZHt%2FXKycU%3D\"";

    assertVerifies(header, "POST", null, "https://photos.example.net/initiate", "");
  }

  @Test
  void verifyWhenTokenRequestOfSection12ThenAccepts() {
    String header =
        "OAuth realm=\"Photos\", oauth_consumer_key=\"dpf43f3p2l4k3l03\","
            + " oauth_token=\"hh5s93j4hdidpola\", oauth_signature_method=\"HMAC-SHA1\","
            + " oauth_timestamp=\"137131201\", oauth_nonce=\"walatlh\","
            + " oauth_verifier=\"hfdp7dh39dks9884\","
            + " oauth_signature=\"gKgrFCywp7rO0OXSjdot%2FIHF7IU%3D\"";

    assertVerifies(header, "POST", null, "https://photos.example.net/token", "hdhd0244k9j7ao03");
  }

  @Test
  void verifyWhenResourceRequestOfSection12ThenAccepts() {
    String header =
        "OAuth realm=\"Photos\", oauth_consumer_key=\"dpf43f3p2l4k3l03\","
            + " oauth_token=\"nnch734d00sl2jdk\", oauth_signature_method=\"HMAC-SHA1\","
            + " oauth_timestamp=\"137131202\", oauth_nonce=\"chapoH\","
            + " oauth_signature=\"MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D\"";

    assertVerifies(
        header,
        "GET",
        "file=vacation.jpg&size=original",
        "http://photos.example.net/photos",
        "pfkkdhi9sl3r4s00");
  }

  @Test
  void baseStringWhenRequestOfSection34ThenAsPrinted() {
    OAuthMessage message =
        OAuthMessage.parse(
            List.of(
                "OAuth realm=\"Example\", oauth_consumer_key=\"9djdj82h48djs9d2\","
                    + " oauth_token=\"kkk9d7dh3k39sjv7\", oauth_signature_method=\"HMAC-SHA1\","
                    + " oauth_timestamp=\"137131201\", oauth_nonce=\"7d8f3e4a\","
                    + " oauth_signature=\"bYT5CMsGcbgUdFHObYMEfcx6bsw%3D\""),
            "b5=%3D%253D&a3=a&c%40=&a2=r%20b",
            "c2&a3=2+q".getBytes(StandardCharsets.US_ASCII));

    assertThat(message.baseString("POST", "http://EXAMPLE.COM:80/request"))
        .isEqualTo(
            "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q"
                + "%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_"
                + "key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_m"
                + "ethod%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk"
                + "9d7dh3k39sjv7");
    assertThat(message.signature()).isEqualTo("bYT5CMsGcbgUdFHObYMEfcx6bsw=");
  }

  @Test
  void baseStringWhenUrisOfSection3412ThenAsPrinted() {
    OAuthMessage message = OAuthMessage.parse(List.of(), "id=123", null);

    assertThat(message.baseString("GET", "http://EXAMPLE.COM:80/r%20v/X"))
        .isEqualTo("GET&http%3A%2F%2Fexample.com%2Fr%2520v%2FX&id%3D123");
    assertThat(
            OAuthMessage.parse(List.of(), "q=1", null)
                .baseString("GET", "https://www.example.net:8080/"))
        .isEqualTo("GET&https%3A%2F%2Fwww.example.net%3A8080%2F&q%3D1");
  }

  @Test
  void signWhenTemporaryCredentialsRequestOfSection12ThenSameSignature() {
    Signer signer =
        Signer.hmac(SignatureMethod.HMAC_SHA1, CONSUMER, CONSUMER_SECRET).withNonces(() -> "n");

    SignedParameters signed =
        signer.sign(
            "POST",
            "https://photos.example.net/initiate",
            null,
            Map.of("oauth_callback", "http://printer.example.com/ready"));

    assertVerifies(
        signed.authorizationHeader("Photos"),
        "POST",
        null,
        "https://photos.example.net/initiate",
        "");
  }

  private static void assertVerifies(
      String header, String method, @Nullable String query, String url, String tokenSecret) {
    VerificationKey key =
        VerificationKey.hmac(SignatureMethod.HMAC_SHA1, CONSUMER_SECRET, Secret.of(tokenSecret));

    assertThat(
            SignatureVerifier.verify(
                OAuthMessage.parse(List.of(header), query, null), method, List.of(url), key))
        .isEqualTo(url);
  }
}
