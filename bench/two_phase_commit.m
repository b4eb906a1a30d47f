-- Two-phase commit, as protocols/two_phase_commit.c, for rumur: the same states and the same transitions. A rule is
-- enabled only when it changes something. Commit and abort messages have no variables: they are in flight from when the
-- transaction manager has decided, for ever. bench/run sets the constants on the next two lines.
const managers: 3;
const commit_on_one_vote: false;

type
  manager: 0 .. managers - 1;
  phase: enum { working, prepared, committed, aborted };

var
  transaction_manager: phase;
  phases: array [manager] of phase;
  sent: array [manager] of boolean;  -- votes in flight, for ever
  votes: array [manager] of boolean; -- votes that the transaction manager has received

startstate begin
  transaction_manager := working;
  for i: manager do
    phases[i] := working;
    sent[i] := false;
    votes[i] := false;
  end;
end;

rule "decide"
  transaction_manager = working &
    (forall i: manager do votes[i] end | (commit_on_one_vote & exists i: manager do votes[i] end))
==> begin
  transaction_manager := committed;
end;

rule "give up"
  transaction_manager = working
==> begin
  transaction_manager := aborted;
end;

ruleset i: manager do
  rule "prepare"
    phases[i] = working
  ==> begin
    phases[i] := prepared;
    sent[i] := true;
  end;

  rule "refuse"
    phases[i] = working
  ==> begin
    phases[i] := aborted;
  end;

  rule "vote"
    transaction_manager = working & sent[i] & !votes[i]
  ==> begin
    votes[i] := true;
  end;

  rule "commit"
    transaction_manager = committed & phases[i] != committed
  ==> begin
    phases[i] := committed;
  end;

  rule "abort"
    transaction_manager = aborted & phases[i] != aborted
  ==> begin
    phases[i] := aborted;
  end;
end;

invariant "consistent"
  !(exists i: manager do phases[i] = aborted end & exists i: manager do phases[i] = committed end);
