package dev.onbehalf.oauth1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.Security;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Security case 27: encoded messages that a lenient verifier takes, each signed with the right
 * private key, for both RSA methods and by both engines.
 */
class RsaSignatureFormTest {
  private static final String URL = "https://ci.example.com/job/x";
  private static final int LENGTH = 256;
  private static final String SHA1_INFO = "3021300906052b0e03021a05000414";
  private static final String SHA256_INFO = "3031300d060960864801650304020105000420";
  private static final List<RsaEngine> ENGINES =
      List.of(RsaEngine.jdk(), RsaEngine.of(Security.getProvider("SunJCE")));

  private static final List<Arguments> MALFORMED = rows();
  private static final KeyPair ODD_LENGTH = pair(2049);

  static List<Arguments> malformed() {
    return MALFORMED;
  }

  private static List<Arguments> rows() {
    List<Arguments> rows = new ArrayList<>();
    for (SignatureMethod method : List.of(SignatureMethod.RSA_SHA1, SignatureMethod.RSA_SHA256)) {
      try {
        byte[] hash = hash(method, baseString(method));
        forgeries(method, hash)
            .forEach((name, encoded) -> rows.add(Arguments.of(name, method, raw(encoded))));
        signatureForms(method).forEach((name, text) -> rows.add(Arguments.of(name, method, text)));
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    return rows;
  }

  private static KeyPair pair(int bits) {
    try {
      return TestKeys.generate(bits, BigInteger.valueOf(65537));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, byte[]> forgeries(SignatureMethod method, byte[] hash)
      throws Exception {
    boolean sha1 = method == SignatureMethod.RSA_SHA1;
    String info = sha1 ? SHA1_INFO : SHA256_INFO;
    String otherInfo = sha1 ? SHA256_INFO : SHA1_INFO;
    byte[] otherHash =
        hash(sha1 ? SignatureMethod.RSA_SHA256 : SignatureMethod.RSA_SHA1, baseString(method));
    byte[] right = encoded(info, hash);

    Map<String, byte[]> forgeries = new LinkedHashMap<>();
    forgeries.put("other hash and its own OID", encoded(otherInfo, otherHash));
    forgeries.put(
        "hash of the right length under MD5's OID",
        encoded(
            sha1 ? "3022300c06082a864886f70d020505000414" : "302e300c06082a864886f70d020505000420",
            hash));
    forgeries.put(
        "DigestInfo without NULL",
        encoded(sha1 ? "301f300706052b0e03021a0414" : "302f300b06096086480165030402010420", hash));
    forgeries.put(
        "DigestInfo with NULL of length one",
        encoded(
            sha1 ? "3022300a06052b0e03021a0501000414" : "3032300e06096086480165030402010501000420",
            hash));
    forgeries.put(
        "DigestInfo with OID and octets instead of NULL",
        encoded(
            sha1
                ? "3023300b06052b0e03021a040201020414"
                : "3033300f0609608648016503040201040201020420",
            hash));
    forgeries.put(
        "outer length in long form",
        encoded(
            sha1 ? "308121300906052b0e03021a05000414" : "308131300d060960864801650304020105000420",
            hash));
    forgeries.put(
        "hash length in long form",
        encoded(
            sha1 ? "3022300906052b0e03021a0500048114" : "3032300d06096086480165030402010500048120",
            hash));
    forgeries.put(
        "indefinite length",
        encoded(
            sha1 ? "3080300906052b0e03021a05000414" : "3080300d060960864801650304020105000420",
            concat(hash, new byte[2])));
    forgeries.put("bare hash without DigestInfo", encoded("", hash));
    forgeries.put("bytes after the hash", encoded(info, concat(hash, new byte[] {0, 0})));
    forgeries.put("hash one byte short", encoded(info, Arrays.copyOf(hash, hash.length - 1)));
    forgeries.put("hash of another text", encoded(info, otherText(method)));
    forgeries.put("all-zero hash", encoded(info, new byte[hash.length]));
    forgeries.put("wrong tag", with(right, LENGTH - hash.length - info.length() / 2, 0x31));
    forgeries.put("block type 0", blockType(right, 0));
    forgeries.put("block type 2", blockType(right, 2));
    forgeries.put("first byte not zero", with(right, 0, 1));
    forgeries.put("one padding byte is not FF", with(right, 5, 0xFE));
    forgeries.put("last padding byte is zero", with(right, separator(right) - 1, 0));
    forgeries.put("separator is not zero", with(right, separator(right), 1));
    forgeries.put("short padding, rubbish behind", shortPadding(info, hash));
    forgeries.put("no padding, rubbish behind", noPadding(info, hash));
    forgeries.put("padding shifted by one", shifted(right));
    forgeries.put("zeros", new byte[LENGTH]);
    forgeries.put("one", with(new byte[LENGTH], LENGTH - 1, 1));
    return forgeries;
  }

  private static Map<String, String> signatureForms(SignatureMethod method) throws Exception {
    byte[] right = sign(method);
    String text = Base64.getEncoder().encodeToString(right);
    BigInteger modulus = TestKeys.PUBLIC.getModulus();
    Map<String, String> forms = new LinkedHashMap<>();
    forms.put("PSS", pss(method));
    forms.put("empty", "");
    forms.put("one byte short", base64(Arrays.copyOf(right, LENGTH - 1)));
    forms.put("one byte long", base64(concat(right, new byte[1])));
    forms.put("zero in front", base64(concat(new byte[1], right)));
    forms.put("all zero", base64(new byte[LENGTH]));
    forms.put("the modulus", base64(fixed(modulus)));
    forms.put("all ones", base64(filled(0xFF)));
    forms.put("modulus minus one", base64(fixed(modulus.subtract(BigInteger.ONE))));
    forms.put("modulus minus the signature", base64(fixed(modulus.subtract(number(right)))));
    forms.put("without padding", text.replace("=", ""));
    forms.put("half the padding", text.substring(0, text.length() - 1));
    forms.put("more padding", text + "=");
    forms.put("padding in between", text.substring(0, 4) + "=" + text.substring(4));
    forms.put("loose last bits", loose(text));
    forms.put("line feed", text.substring(0, 76) + "\n" + text.substring(76));
    forms.put("space", text + " ");
    forms.put("base64url", Base64.getUrlEncoder().encodeToString(right).replace("=", "") + "-_");
    forms.put("hexadecimal", HexFormat.of().formatHex(right));
    forms.put("letter outside the alphabet", "\u00e9" + text.substring(1));
    forms.put("encoded twice", PercentEncoding.encode(text));
    forms.put("two signatures", text + text);
    return forms;
  }

  @ParameterizedTest(name = "{1}: {0}")
  @MethodSource("malformed")
  void matchingUrlWhenSignatureIsMalformedThenRefuses(
      String name, SignatureMethod method, String signature) {
    for (RsaEngine engine : ENGINES) {
      assertThat(matchingUrl(method, signature, engine)).as("%s by %s", name, engine).isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void matchingUrlWhenEncodedByHandOrByJdkThenAccepts(SignatureMethod method) throws Exception {
    String info = method == SignatureMethod.RSA_SHA1 ? SHA1_INFO : SHA256_INFO;
    String byHand = raw(encoded(info, hash(method, baseString(method))));

    for (RsaEngine engine : ENGINES) {
      assertThat(matchingUrl(method, byHand, engine)).isEqualTo(URL);
      assertThat(matchingUrl(method, base64(sign(method)), engine)).isEqualTo(URL);
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void matchingUrlWhenModulusIsNotWholeBytesThenAccepts(SignatureMethod method) throws Exception {
    Signature signature = Signature.getInstance(method.signatureAlgorithm());
    signature.initSign(ODD_LENGTH.getPrivate());
    signature.update(baseString(method).getBytes(StandardCharsets.US_ASCII));
    String text = base64(signature.sign());

    for (RsaEngine engine : ENGINES) {
      VerificationKey key =
          VerificationKey.rsa(method, (RSAPublicKey) ODD_LENGTH.getPublic(), engine);
      assertThat(SignatureVerifier.matchingUrl(message(method, text), "GET", List.of(URL), key))
          .isEqualTo(URL);
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void signWhenAProviderComputesThenAsTheJdk(SignatureMethod method) throws Exception {
    RsaEngine engine = RsaEngine.of(Security.getProvider("SunRsaSign"));
    byte[] text = baseString(method).getBytes(StandardCharsets.US_ASCII);
    RsaEngine.SigningOperation operation = engine.signingOperation(TestKeys.PRIVATE, method);

    assertThat(operation.sign(text)).isEqualTo(sign(method));
    assertThat(operation.sign(text)).isEqualTo(sign(method));
  }

  @Test
  void engineWhenItsProviderHasNoRsaThenRefusesTheKeyByName() {
    RsaEngine engine = RsaEngine.of(Security.getProvider("SunSASL"));

    assertThatThrownBy(() -> engine.publicOperation(TestKeys.PUBLIC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("SunSASL");
    assertThat(engine).hasToString("SunSASL");
    assertThat(RsaEngine.jdk()).hasToString("jdk");
  }

  static Stream<SignatureMethod> methods() {
    return Stream.of(SignatureMethod.RSA_SHA1, SignatureMethod.RSA_SHA256);
  }

  private static OAuthMessage message(SignatureMethod method, String signature) {
    String query =
        "oauth_consumer_key=c&oauth_timestamp=1&oauth_nonce=n&oauth_signature_method="
            + method.parameterValue()
            + "&oauth_signature="
            + PercentEncoding.encode(signature);
    return OAuthMessage.parse(List.of(), query, null);
  }

  private static @Nullable String matchingUrl(
      SignatureMethod method, String signature, RsaEngine engine) {
    return SignatureVerifier.matchingUrl(
        message(method, signature),
        "GET",
        List.of(URL),
        VerificationKey.rsa(method, TestKeys.PUBLIC, engine));
  }

  private static String baseString(SignatureMethod method) {
    return message(method, "").baseString("GET", URL);
  }

  private static byte[] sign(SignatureMethod method) throws Exception {
    Signature signature = Signature.getInstance(method.signatureAlgorithm());
    signature.initSign(TestKeys.PRIVATE);
    signature.update(baseString(method).getBytes(StandardCharsets.US_ASCII));
    return signature.sign();
  }

  private static String pss(SignatureMethod method) throws Exception {
    Signature signature = Signature.getInstance("RSASSA-PSS");
    boolean sha1 = method == SignatureMethod.RSA_SHA1;
    signature.setParameter(
        new PSSParameterSpec(
            sha1 ? "SHA-1" : "SHA-256",
            "MGF1",
            sha1 ? MGF1ParameterSpec.SHA1 : MGF1ParameterSpec.SHA256,
            sha1 ? 20 : 32,
            1));
    signature.initSign(TestKeys.PRIVATE);
    signature.update(baseString(method).getBytes(StandardCharsets.US_ASCII));
    return base64(signature.sign());
  }

  private static byte[] hash(SignatureMethod method, String text) throws Exception {
    return MessageDigest.getInstance(method.digestAlgorithm())
        .digest(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] otherText(SignatureMethod method) throws Exception {
    return hash(method, baseString(method) + "x");
  }

  /** Raises an encoded message to the private exponent, whatever it is. */
  private static String raw(byte[] encoded) {
    RSAPrivateCrtKey key = TestKeys.PRIVATE;
    return base64(fixed(number(encoded).modPow(key.getPrivateExponent(), key.getModulus())));
  }

  private static byte[] encoded(String info, byte[] hash) {
    byte[] out = filled(0xFF);
    byte[] tail = concat(HexFormat.of().parseHex(info), hash);
    out[0] = 0;
    out[1] = 1;
    out[LENGTH - tail.length - 1] = 0;
    System.arraycopy(tail, 0, out, LENGTH - tail.length, tail.length);
    return out;
  }

  private static byte[] shortPadding(String info, byte[] hash) {
    byte[] out = filled(0x55);
    byte[] front =
        concat(
            HexFormat.of().parseHex("0001ffffffffffffffff00"),
            concat(HexFormat.of().parseHex(info), hash));
    System.arraycopy(front, 0, out, 0, front.length);
    return out;
  }

  private static byte[] noPadding(String info, byte[] hash) {
    byte[] out = filled(0x55);
    byte[] front =
        concat(HexFormat.of().parseHex("000100"), concat(HexFormat.of().parseHex(info), hash));
    System.arraycopy(front, 0, out, 0, front.length);
    return out;
  }

  private static byte[] shifted(byte[] right) {
    byte[] out = Arrays.copyOfRange(right, 1, LENGTH + 1);
    out[LENGTH - 1] = 0;
    out[0] = 0;
    return out;
  }

  private static byte[] blockType(byte[] right, int type) {
    return with(right, 1, type);
  }

  private static int separator(byte[] right) {
    int i = 2;
    while (right[i] != 0) {
      i++;
    }
    return i;
  }

  private static String loose(String text) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    int last = text.indexOf('=') - 1;
    char next = alphabet.charAt(alphabet.indexOf(text.charAt(last)) + 1);
    return text.substring(0, last) + next + text.substring(last + 1);
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    byte[] out = bytes.clone();
    out[at] = (byte) value;
    return out;
  }

  private static byte[] filled(int value) {
    byte[] out = new byte[LENGTH];
    Arrays.fill(out, (byte) value);
    return out;
  }

  private static byte[] concat(byte[] one, byte[] other) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(one);
    out.writeBytes(other);
    return out.toByteArray();
  }

  private static BigInteger number(byte[] bytes) {
    return new BigInteger(1, bytes);
  }

  private static byte[] fixed(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] out = new byte[LENGTH];
    int count = Math.min(bytes.length, LENGTH);
    System.arraycopy(bytes, bytes.length - count, out, LENGTH - count, count);
    return out;
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
