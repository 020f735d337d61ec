package dev.onbehalf.bench.gateway;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import dev.onbehalf.oauth1.Keys;
import dev.onbehalf.oauth1.RsaEngine;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Makes a key, writes its public half, and after a line on standard input as many {@code
 * Authorization} headers as are asked for, each with its own nonce, so that nothing is signed while
 * a gateway is measured.
 */
public final class SignRequests {
  private SignRequests() {}

  /** Takes the public key file, the headers file, the URL and the count. */
  public static void main(String[] args) throws IOException {
    Path publicKey = Path.of(args[0]);
    Path headers = Path.of(args[1]);
    String url = args[2];
    int count = Integer.parseInt(args[3]);
    KeyPair pair = Keys.generate(2048);
    Files.writeString(publicKey, Keys.pem((RSAPublicKey) pair.getPublic()));
    if (System.in.read() < 0) {
      return;
    }
    Signer signer =
        Signer.rsa(
                SignatureMethod.RSA_SHA1,
                "bench",
                pair.getPrivate(),
                RsaEngine.of(AmazonCorrettoCryptoProvider.INSTANCE))
            .twoLegged();
    List<String> lines =
        IntStream.range(0, count)
            .parallel()
            .mapToObj(i -> signer.sign("GET", url).authorizationHeader())
            .toList();
    Files.write(headers, lines);
  }
}
