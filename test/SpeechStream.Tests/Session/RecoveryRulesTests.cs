using System.Net.WebSockets;
using SpeechStream.Protocol;
using SpeechStream.Session.Connecting;

namespace SpeechStream.Tests.Session;

/// <summary>What a session does after a loss: one row for each rule.</summary>
public sealed class RecoveryRulesTests
{
    private const int MostAttempts = 3;

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    private static readonly SpeechConnectionException Cut = new("cut") { IsTransient = true };
    private static readonly SpeechConnectionException ClosedNormally = new("1000") { IsTransient = true, CloseStatus = WebSocketCloseStatus.NormalClosure };
    private static readonly SpeechConnectionException Refused = new("1008") { CloseStatus = WebSocketCloseStatus.PolicyViolation };
    private static readonly SpeechServiceException Idle = new("40000004") { Retry = Retry.Idle };
    private static readonly SpeechServiceException Quota = new("40000005") { Retry = Retry.Quota };
    private static readonly SpeechServiceException TooFast = new("41040202") { Retry = Retry.TooFast };
    private static readonly SpeechAuthenticationException Token = new("40000001");

    // Audio goes on, and the service has said something of it.
    private static readonly LostConnection Talking = new() { Life = Long, HasSentence = true, HasUnsent = true };

    private static readonly LostConnection Quiet = new() { Life = Long, HasSentence = true };

    private static readonly Dictionary<string, (SpeechStreamException Cause, LostConnection Lost, Recovery Expected)> Table = new()
    {
        ["A cut connection is made again after a delay"] = (Cut, Talking, Recovery.RetryAfterDelay),
        ["An exceeded quota is waited for"] = (Quota, Talking, Recovery.RetryAfterDelay),
        ["What would fail again ends the session"] = (Refused, Talking, Recovery.GiveUp),
        ["Compressed audio that was sent can't be repeated"] = (Cut, Talking with { SentUnrepeatable = true }, Recovery.GiveUp),
        ["A refused token is exchanged"] = (Token, Talking, Recovery.RenewToken),
        ["Audio sent too fast while catching up is sent slower"] = (TooFast, Talking with { CatchesUp = true }, Recovery.RetrySlower),
        ["Audio sent too fast at the send rate ends the session"] = (TooFast, Talking, Recovery.GiveUp),
        ["An idle task with nothing to send waits for audio"] = (Idle, Quiet, Recovery.WaitForAudio),
        ["An idle task whose consumer is behind waits for it"] = (Idle, Talking with { IsConsumerBehind = true }, Recovery.WaitForAudio),
        ["An idle end within 5 s is an ordinary loss"] = (Idle, Quiet with { Life = TimeSpan.FromSeconds(4.9) }, Recovery.RetryAfterDelay),
        ["An idle end while audio with speech is sent is an ordinary loss"] = (Idle, Talking, Recovery.RetryAfterDelay),
        ["An idle end while nobody speaks is followed at once"] = (Idle, Talking with { HasSentence = false }, Recovery.RetryAtOnce),
        ["An idle end after the audio costs an attempt"] = (Idle, Quiet with { IsAudioOver = true }, Recovery.RetryAfterDelay),
        ["A close without speech and nothing to send waits for audio"] = (ClosedNormally, Quiet with { HasSentence = false }, Recovery.WaitForAudio),
        ["A close after speech is an ordinary loss"] = (ClosedNormally, Quiet, Recovery.RetryAfterDelay),
    };

    public static TheoryData<string> Rules => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule(string rule)
    {
        var (cause, lost, expected) = Table[rule];

        RecoveryRules.Decide(cause, lost, Budget(MostAttempts), hasOwnRetry: true).Should().Be(expected);
    }

    [Fact]
    public void The_last_attempt_is_used()
    {
        var budget = Budget(MostAttempts, spent: MostAttempts - 1);

        RecoveryRules.Decide(Cut, Talking, budget, hasOwnRetry: true).Should().Be(Recovery.RetryAfterDelay);
    }

    [Fact]
    public void No_attempt_is_left_after_the_last()
    {
        var budget = Budget(MostAttempts, spent: MostAttempts);

        RecoveryRules.Decide(Cut, Talking, budget, hasOwnRetry: true).Should().Be(Recovery.GiveUp);
    }

    [Fact]
    public void Waiting_for_audio_needs_no_attempt()
    {
        var budget = Budget(MostAttempts, spent: MostAttempts);

        RecoveryRules.Decide(Idle, Quiet, budget, hasOwnRetry: true).Should().Be(Recovery.WaitForAudio);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Zero_attempts_forbid_every_recovery(string rule)
    {
        var (cause, lost, _) = Table[rule];

        RecoveryRules.Decide(cause, lost, Budget(0), hasOwnRetry: true).Should().Be(Recovery.GiveUp);
    }

    [Fact]
    public void A_second_token_without_progress_is_refused()
    {
        var budget = Budget(MostAttempts);
        budget.RenewToken();

        RecoveryRules.Decide(Token, Talking, budget, hasOwnRetry: true).Should().Be(Recovery.GiveUp);
    }

    [Fact]
    public void Progress_allows_another_token()
    {
        var budget = Budget(MostAttempts);
        budget.RenewToken();
        budget.Refill();

        RecoveryRules.Decide(Token, Talking, budget, hasOwnRetry: true).Should().Be(Recovery.RenewToken);
    }

    [Fact]
    public void A_pipeline_of_the_users_decides_about_delays() =>
        RecoveryRules.Decide(Cut, Talking, Budget(null), hasOwnRetry: false).Should().Be(Recovery.RetryAtOnce);

    [Fact]
    public void A_final_is_progress() => RecoveryRules.IsProgress(new() { BroughtFinal = true }).Should().BeTrue();

    [Fact]
    public void Heard_silence_is_progress() => RecoveryRules.IsProgress(new() { HeardSilence = true }).Should().BeTrue();

    [Theory]
    [InlineData(29.9, false)]
    [InlineData(30, true)]
    public void Half_a_minute_of_connection_is_progress(double seconds, bool expected) =>
        RecoveryRules.IsProgress(new() { Life = TimeSpan.FromSeconds(seconds) }).Should().Be(expected);

    [Fact]
    public void An_idle_task_without_a_sentence_wants_speech() =>
        RecoveryRules.IsEndWithoutSpeech(Idle, Talking with { HasSentence = false }).Should().BeTrue();

    [Fact]
    public void An_idle_task_with_a_sentence_had_speech() => RecoveryRules.IsEndWithoutSpeech(Idle, Talking).Should().BeFalse();

    private static RetryBudget Budget(int? most, int spent = 0)
    {
        var budget = new RetryBudget(most, (_, _, _) => { });
        for (var attempt = 0; attempt < spent; attempt++)
        {
            budget.Spend(Cut, TimeSpan.Zero);
        }

        return budget;
    }
}
