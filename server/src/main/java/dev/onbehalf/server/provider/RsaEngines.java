package dev.onbehalf.server.provider;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import dev.onbehalf.oauth1.RsaEngine;
import dev.onbehalf.server.config.ProviderConfig.Rsa;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses who computes RSA; the JDK's arithmetic stands in wherever native code does not load. */
final class RsaEngines {
  private static final Logger LOG = LoggerFactory.getLogger(RsaEngines.class);

  private RsaEngines() {}

  static RsaEngine of(Rsa choice) {
    if (choice == Rsa.JAVA) {
      return RsaEngine.jdk();
    }
    String fault = fault();
    if (fault != null) {
      LOG.warn(
          "Native RSA does not load here, this Java computes instead: {} Set the option"
              + " provider.rsa to java to be rid of this line.",
          fault);
      return RsaEngine.jdk();
    }
    return RsaEngine.of(AmazonCorrettoCryptoProvider.INSTANCE);
  }

  private static @Nullable String fault() {
    try {
      Throwable loading = AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError();
      if (loading != null) {
        return loading.toString();
      }
      Cipher.getInstance("RSA/ECB/NoPadding", AmazonCorrettoCryptoProvider.INSTANCE);
      return null;
    } catch (GeneralSecurityException | SecurityException | LinkageError e) {
      return e.toString();
    }
  }
}
