package dev.regatta.run;

import dev.regatta.credential.Credential;
import dev.regatta.credential.CredentialPool;
import java.util.Optional;

/**
 * Where an attempt sits in its run: what it lends to others while it waits for them.
 *
 * @param asked the call of another agent that asked for it; empty if the plan did
 * @param slot the slot it works in
 * @param pool the pool that counts it among its credential's users; empty if none does
 */
public record Seat(Optional<Call> asked, Slots.Slot slot, Optional<CredentialPool> pool) {

  void lend(Optional<Credential> credential) {
    slot.lend();
    pool.ifPresent(counting -> credential.ifPresent(counting::release));
  }

  void countAgain(Optional<Credential> credential) {
    pool.ifPresent(counting -> credential.ifPresent(counting::retake));
  }
}
