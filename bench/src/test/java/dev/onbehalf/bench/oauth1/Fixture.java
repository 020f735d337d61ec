package dev.onbehalf.bench.oauth1;

import dev.onbehalf.oauth1.Keys;
import dev.onbehalf.oauth1.OAuthMessage;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.SignedParameters;
import dev.onbehalf.oauth1.Signer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The requests all subjects get: a signed GET as Jira sends it, and a form of 200 parameters. */
final class Fixture {
  static final String CONSUMER = "jira.example.com:1234567";
  static final String TOKEN = "bUh2c3RvdWNoYXRpbmdkb25ndGhpcw01";
  static final String REALM = "https://ci.example.com/jenkins";

  /** Beside the library's tests; the scripts start in the root of the repository. */
  private static final Path KEYS = Path.of("oauth1/src/test/vectors/keys");

  static final RSAPrivateCrtKey PRIVATE = Keys.privateKey(Secret.of(read("private.pem")));
  static final RSAPublicKey PUBLIC = Keys.publicHalf(PRIVATE);
  static final String CERTIFICATE = read("certificate.pem");

  final String method;
  final String url;
  final @Nullable String query;
  final byte @Nullable [] form;
  final String header;
  final byte[] baseString;
  final byte[] signature;

  private Fixture(String method, String url, @Nullable String query, byte @Nullable [] form) {
    this.method = method;
    this.url = url;
    this.query = query;
    this.form = form;
    SignedParameters signed =
        Signer.rsa(SignatureMethod.RSA_SHA1, CONSUMER, PRIVATE)
            .withToken(TOKEN, Secret.of(""))
            .sign(method, query == null ? url : url + '?' + query, form, Map.of());
    header = signed.authorizationHeader(REALM);
    OAuthMessage message = OAuthMessage.parse(List.of(header), query, form);
    baseString = message.baseString(method, url).getBytes(StandardCharsets.US_ASCII);
    signature = Base64.getDecoder().decode(signed.parameters().get("oauth_signature"));
  }

  static Fixture get() {
    return new Fixture(
        "GET",
        "https://ci.example.com/jenkins/job/team%252Ffeature/api/json",
        "tree=builds%5Bnumber%2Cresult%5D&depth=1",
        null);
  }

  static Fixture form() {
    Random random = new Random(7);
    StringBuilder form = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      form.append(i == 0 ? "" : "&");
      form.append("parameter").append(random.nextInt(1000)).append('=');
      form.append("value+").append(random.nextInt(1_000_000)).append("%2F%C3%A9");
    }
    return new Fixture(
        "POST",
        "https://ci.example.com/jenkins/job/team%252Ffeature/buildWithParameters",
        null,
        form.toString().getBytes(StandardCharsets.US_ASCII));
  }

  private static String read(String file) {
    try {
      return Files.readString(KEYS.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String urlWithQuery() {
    return query == null ? url : url + '?' + query;
  }
}
