using SpeechStream.Fleet.Places;

namespace SpeechStream.Fleet.Tests.Chaos;

/// <summary>A worker in simulated time: its sessions run in real time, and give a final result every ten seconds.</summary>
internal sealed class SimulatedWorker(FleetSimulation fleet, int number)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(10);

    private readonly List<Session> _sessions = [];
    private int _life;
    private bool _isPolling;

    public int Sessions => _sessions.Count;

    public async Task BeginAsync()
    {
        var life = ++_life;
        fleet.After(fleet.NextKill(), () => life == _life ? KillAsync() : Task.CompletedTask);
        await ClaimAsync();
    }

    private Task KillAsync()
    {
        fleet.Kills++;
        _sessions.ForEach(session => session.IsOver = true);
        _sessions.Clear();
        _life++;
        fleet.After(Start, BeginAsync);
        return Task.CompletedTask;
    }

    private async Task ClaimAsync()
    {
        while (_sessions.Count < FleetSimulation.SessionsOfWorker && !_sessions.Any(session => session.IsSuspect))
        {
            if (await fleet.Claims.ClaimAsync($"w{number}", default) is not { } claim)
            {
                PollLater();
                return;
            }

            if (claim.IsSuspect)
            {
                await GiveAllBackAsync();
            }

            var session = new Session(claim) { IsSuspect = claim.IsSuspect };
            _sessions.Add(session);
            fleet.After(fleet.Times.Renewal, () => RenewAsync(session));
            Listen(session, claim.From);
        }
    }

    private void PollLater()
    {
        if (!_isPolling && fleet.HasMore)
        {
            _isPolling = true;
            var life = _life;
            fleet.After(Poll, () =>
            {
                _isPolling = false;
                return life == _life ? ClaimAsync() : Task.CompletedTask;
            });
        }
    }

    private async Task GiveAllBackAsync()
    {
        foreach (var session in _sessions)
        {
            session.IsOver = true;
            await fleet.Claims.EndAsync(session.Claim, Ending.GivenBack(), LeaseTimes.HoldAfterAbort, default);
        }

        _sessions.Clear();
    }

    private async Task RenewAsync(Session session)
    {
        if (!session.IsOver)
        {
            (await fleet.Claims.RenewAsync(session.Claim.Key, fleet.Times.Lease, default)).Should().BeFalse();
            fleet.After(fleet.Times.Renewal, () => RenewAsync(session));
        }
    }

    private void Listen(Session session, ResumePoint from)
    {
        var length = fleet.LengthOf(session.Claim.Job);
        var end = from.Time + FleetSimulation.Sentence < length ? from.Time + FleetSimulation.Sentence : length;
        fleet.After(end - from.Time, () => HearAsync(session, from, end, isLast: end == length));
    }

    private async Task HearAsync(Session session, ResumePoint from, TimeSpan end, bool isLast)
    {
        if (session.IsOver)
        {
            return;
        }

        var sentence = new SentenceEnd { Index = from.Sentences + 1, BeginTime = from.Time, Time = end, Text = "Said." };
        (await fleet.Transcripts.AppendAsync(session.Claim, from.Sentences, sentence, default)).Should().BeTrue();
        fleet.Heard += end - from.Time;
        session.IsSuspect = false;
        if (!isLast)
        {
            Listen(session, new ResumePoint(sentence.Index, end));
            await ClaimAsync();
            return;
        }

        (await fleet.Claims.EndAsync(session.Claim, Ending.Done, TimeSpan.Zero, default)).Should().Be("done");
        session.IsOver = true;
        _sessions.Remove(session);
        await ClaimAsync();
    }

    private sealed class Session(Claim claim)
    {
        public Claim Claim => claim;

        public bool IsSuspect { get; set; }

        public bool IsOver { get; set; }
    }
}
