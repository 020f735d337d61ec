package dev.onbehalf.applinks;

class InMemoryConsumerTokenStoreTest extends ConsumerTokenStoreContract {

  @Override
  ConsumerTokenStore create() {
    return new InMemoryConsumerTokenStore();
  }
}
