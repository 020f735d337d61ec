package dev.onbehalf.oauth1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files under {@code keys/} were made by openssl, all of one key pair. */
class KeysTest {
  private static final RSAPublicKey EXPECTED = TestKeys.PUBLIC;

  @Test
  void publicKeyWhenPrintedThenReadsBack() {
    String base64 = Keys.base64(EXPECTED);

    assertThat(Keys.publicKey(base64)).isEqualTo(EXPECTED);
    assertThat(Keys.publicKey(Keys.pem(EXPECTED))).isEqualTo(EXPECTED);
    assertThat(Keys.publicKey(Keys.pem(EXPECTED).replace("\n", "\r\n"))).isEqualTo(EXPECTED);
    assertThat(Keys.publicKey("  " + base64.replaceAll("(.{60})", "$1\n") + "\n"))
        .isEqualTo(EXPECTED);
    assertThat(Keys.publicKey("a comment\n" + Keys.pem(EXPECTED) + "more")).isEqualTo(EXPECTED);
    assertThat(Keys.pem(EXPECTED))
        .startsWith("-----BEGIN PUBLIC KEY-----\n")
        .endsWith("\n-----END PUBLIC KEY-----\n");
  }

  @Test
  void privateKeyWhenPrintedThenReadsBack() {
    Secret pem = Keys.pem(TestKeys.PRIVATE);

    assertThat(Keys.privateKey(pem)).isEqualTo(TestKeys.PRIVATE);
    assertThat(pem.toString()).doesNotContain("PRIVATE");
    assertThat(
            Keys.privateKey(
                Secret.of(Base64.getEncoder().encodeToString(TestKeys.PRIVATE.getEncoded()))))
        .isEqualTo(TestKeys.PRIVATE);
    assertThat(Keys.publicHalf(TestKeys.PRIVATE)).isEqualTo(EXPECTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"public.pem", "public-pkcs1.pem", "certificate.pem", "public.b64"})
  void publicKeyWhenMadeByOpensslThenReadsIt(String file) throws Exception {
    assertThat(Keys.publicKey(read(file)))
        .isEqualTo(Keys.publicHalf(Keys.privateKey(Secret.of(read("private.pem")))));
  }

  @Test
  void privateKeyWhenMadeByOpensslThenReadsIt() throws Exception {
    RSAPrivateCrtKey pkcs8 = Keys.privateKey(Secret.of(read("private.pem")));

    assertThat(Keys.privateKey(Secret.of(read("private-pkcs1.pem")))).isEqualTo(pkcs8);
    assertThat(pkcs8.getModulus().bitLength()).isEqualTo(2048);
  }

  @ParameterizedTest
  @CsvSource({
    "ec-public.pem, is not an RSA public key",
    "ec-certificate.pem, key of kind EC",
    "private.pem, This is a private key",
    "private-pkcs1.pem, This is a private key",
    "private-encrypted.pem, This is a private key",
    "small-public.pem, has 1024 bits",
    "exponent3-public.pem, public exponent"
  })
  void publicKeyWhenOfAnotherKindThenSaysWhy(String file, String why) throws Exception {
    assertRefused(read(file), why, false);
  }

  @ParameterizedTest
  @CsvSource({
    "public.pem, This is a public key",
    "certificate.pem, This is a public key or certificate",
    "private-encrypted.pem, is encrypted",
    "private-pkcs1-encrypted.pem, is encrypted",
    "ec-private.pem, is not an RSA private key"
  })
  void privateKeyWhenOfAnotherKindThenSaysWhy(String file, String why) throws Exception {
    assertRefused(read(file), why, true);
  }

  @Test
  void keyWhenTextIsJustNotTooLongThenReadsIt() {
    String pem = Keys.pem(EXPECTED);

    assertThat(Keys.publicKey(" ".repeat(64 * 1024 - pem.length()) + pem)).isEqualTo(EXPECTED);
    assertRefused(" ".repeat(64 * 1024 - pem.length()) + pem + "\n", "too long", false);
  }

  @Test
  void publicKeyWhenPkcs1AndTinyThenItsSizeIsSaid() throws Exception {
    byte[] info = TestKeys.generate(512, BigInteger.valueOf(65537)).getPublic().getEncoded();
    byte[] pkcs1 = Arrays.copyOfRange(info, info.length - 74, info.length);

    assertRefused(Pem.write("RSA PUBLIC KEY", pkcs1), "512 bits", false);
  }

  @Test
  void pemWhenPrintedThenItsLabelAlone() {
    assertThat(Pem.read(Keys.pem(EXPECTED), 10_000)).hasToString("Pem[PUBLIC KEY]");
  }

  @Test
  void privateKeyWhenItsPublicHalfIsUnacceptableThenRefused() throws Exception {
    RSAPrivateCrtKey small =
        (RSAPrivateCrtKey) TestKeys.generate(1024, BigInteger.valueOf(65537)).getPrivate();

    assertRefused(Keys.pem(small).reveal(), "1024 bits", true);
  }

  @Test
  void keyWhenTextIsBrokenThenSaysWhy() throws Exception {
    String pem = Keys.pem(EXPECTED);
    for (boolean isPrivate : new boolean[] {true, false}) {
      assertRefused("", "is empty", isPrivate);
      assertRefused(" \n", "is empty", isPrivate);
      assertRefused("not a key!", "neither PEM nor Base64", isPrivate);
      assertRefused("AAAA", "is not an RSA", isPrivate);
      assertRefused("x".repeat(64 * 1024 + 1), "too long", isPrivate);
      assertRefused("-----BEGIN PUBLIC KEY", "broken BEGIN line", isPrivate);
      assertRefused("-----BEGIN PUBLIC\nKEY-----", "broken BEGIN line", isPrivate);
      assertRefused(pem.replace("END PUBLIC", "END OTHER"), "no END line", isPrivate);
      assertRefused(pem.replace("PUBLIC KEY", "DSA PARAMETERS"), "'DSA PARAMETERS'", isPrivate);
      assertRefused("\u00e9\u00e9", "neither PEM nor Base64", isPrivate);
    }
    assertRefused(pem.replaceFirst("\n[^-\n]{64}\n", "\n"), "is not an RSA public key", false);
    assertRefused(pem.replace("PUBLIC KEY", "CERTIFICATE"), "not an X.509", false);
    assertRefused(pem.replace("PUBLIC KEY", "RSA PUBLIC KEY"), "is not an RSA public", false);
    assertRefused(pem.replace("PUBLIC KEY", "RSA PRIVATE KEY"), "is not an RSA private", true);
  }

  @Test
  void keyWhenRefusedThenMessageDoesNotQuoteIt() {
    String text = "c2VjcmV0LXNlY3JldC1zZWNyZXQ=";

    assertThatThrownBy(() -> Keys.privateKey(Secret.of(text)))
        .hasMessageNotContaining("c2Vj")
        .hasMessageNotContaining("secret");
  }

  @Test
  void requireAcceptableWhenOutOfBoundsThenSaysWhy() throws Exception {
    BigInteger f4 = BigInteger.valueOf(65537);
    BigInteger odd = BigInteger.ONE.shiftLeft(2047).add(BigInteger.ONE);

    Keys.requireAcceptable(TestKeys.publicKey(odd, f4));
    Keys.requireAcceptable(new FakeKey(BigInteger.ONE.shiftLeft(8191).add(BigInteger.ONE), f4));
    Keys.requireAcceptable(
        TestKeys.publicKey(odd, BigInteger.ONE.shiftLeft(63).add(BigInteger.ONE)));
    assertUnacceptable(BigInteger.ONE.shiftLeft(2046).add(BigInteger.ONE), f4, "2047 bits");
    assertUnacceptable(BigInteger.ONE.shiftLeft(8192).add(BigInteger.ONE), f4, "8193 bits");
    assertUnacceptable(BigInteger.ONE.shiftLeft(2047), f4, "modulus");
    assertUnacceptable(odd, BigInteger.valueOf(65535), "exponent");
    assertUnacceptable(odd, BigInteger.valueOf(65538), "exponent");
    assertUnacceptable(odd, BigInteger.ONE.shiftLeft(64).add(BigInteger.ONE), "exponent");
  }

  @Test
  void generateWhenAskedThenAcceptable() {
    RSAPublicKey key = (RSAPublicKey) Keys.generate(3072).getPublic();

    Keys.requireAcceptable(key);
    assertThat(key.getModulus().bitLength()).isEqualTo(3072);
    Keys.requireAcceptable((RSAPublicKey) Keys.generate(2048).getPublic());
    for (int bits : new int[] {0, 1024, 2047, 8193}) {
      assertThatThrownBy(() -> Keys.generate(bits))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(Integer.toString(bits));
    }
  }

  @Test
  void thumbprintWhenOfOpensslsKeyThenAsOpenssl() throws Exception {
    assertThat(Keys.thumbprint(Keys.publicKey(read("public.pem"))))
        .isEqualTo(read("public.sha256").strip());
  }

  @Test
  void ecKeyWhenInBase64ThenRefused() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    byte[] encoded = generator.generateKeyPair().getPublic().getEncoded();

    assertRefused(Base64.getEncoder().encodeToString(encoded), "is not an RSA public key", false);
    assertRefused(
        Base64.getEncoder().encodeToString(Arrays.copyOf(encoded, 10)), "is not an RSA", true);
  }

  private static void assertUnacceptable(BigInteger modulus, BigInteger exponent, String why)
      throws Exception {
    RSAPublicKey key = new FakeKey(modulus, exponent);

    assertThatThrownBy(() -> Keys.requireAcceptable(key))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  private static void assertRefused(String text, String why, boolean isPrivate) {
    assertThatThrownBy(
            () -> {
              if (isPrivate) {
                Keys.privateKey(Secret.of(text));
              } else {
                Keys.publicKey(text);
              }
            })
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  private static String read(String file) throws Exception {
    return Files.readString(Path.of("src/test/vectors/keys", file), StandardCharsets.US_ASCII);
  }

  /** A key the JDK's own factory would not make. */
  private record FakeKey(BigInteger modulus, BigInteger exponent) implements RSAPublicKey {
    @Override
    public BigInteger getModulus() {
      return modulus;
    }

    @Override
    public BigInteger getPublicExponent() {
      return exponent;
    }

    @Override
    public String getAlgorithm() {
      return "RSA";
    }

    @Override
    public String getFormat() {
      return "none";
    }

    @Override
    public byte[] getEncoded() {
      return new byte[0];
    }
  }
}
