package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.oauth1.RsaEngine;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.server.config.ProviderConfig.Rsa;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RsaEnginesTest {
  @ParameterizedTest
  @CsvSource({"JAVA, jdk", "NATIVE, AmazonCorrettoCryptoProvider"})
  void ofWhenChosenThenThatOneComputes(Rsa choice, String name) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    RSAPublicKey key = (RSAPublicKey) pair.getPublic();
    RsaEngine engine = RsaEngines.of(choice);

    byte[] signature =
        engine
            .signingOperation(pair.getPrivate(), SignatureMethod.RSA_SHA1)
            .sign("text".getBytes(StandardCharsets.UTF_8));

    assertThat(engine).hasToString(name);
    assertThat(engine.publicOperation(key).recover(signature))
        .hasSize(256)
        .isEqualTo(
            fixed(new BigInteger(1, signature).modPow(key.getPublicExponent(), key.getModulus())));
  }

  private static byte[] fixed(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] fixed = new byte[256];
    System.arraycopy(bytes, 0, fixed, 256 - bytes.length, bytes.length);
    return fixed;
  }
}
