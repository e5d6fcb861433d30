using Microsoft.Extensions.Logging.Abstractions;
using SpeechStream.Fleet.Database;
using SpeechStream.Fleet.Places;
using SpeechStream.Fleet.Recordings;
using SpeechStream.Fleet.Tests.Engines;

namespace SpeechStream.Fleet.Tests.Work;

/// <summary>The clock of a worker ends its sessions before that of the database gives its places away.</summary>
public sealed class LeaseTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly SqliteEngine _engine = new();
    private readonly ManualTimeProvider _clock = new();
    private LeaseTimes _times;

    private ClaimTable Claims => new(_engine.Database);

    public async ValueTask InitializeAsync()
    {
        await new SpeechStream.Fleet.Database.Schema(_engine.Database).InitializeAsync(new FleetSettings { Quota = 1 }, default);
        await new JobTable(_engine.Database).SubmitAsync([Recording.FromFile("a.wav")], default);
        _times = LeaseTimes.Of(new FleetSettings());
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Theory]
    [InlineData(45, 10, 30.5)]
    [InlineData(15, 10, 3.5)]
    [InlineData(3, 1, 1.7)]
    [InlineData(120, 23, 92)]
    public void The_local_end_leaves_the_idle_limit_and_a_margin(double lease, double idleLimit, double localEnd)
    {
        var settings = new FleetSettings { Lease = TimeSpan.FromSeconds(lease), IdleLimit = TimeSpan.FromSeconds(idleLimit) };
        settings.Validate();

        LeaseTimes.Of(settings).LocalEnd.TotalSeconds.Should().BeApproximately(localEnd, 0.0001);
        LeaseTimes.Of(settings).Renewal.Should().BeCloseTo(TimeSpan.FromSeconds(localEnd / 6), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void A_lease_that_is_too_short_is_refused_with_the_arithmetic()
    {
        var settings = new FleetSettings { Lease = TimeSpan.FromSeconds(14) };

        settings.Invoking(settings => settings.Validate()).Should().Throw<ArgumentException>()
            .WithMessage("Lease is 14 s, and too short: less 10 s, * and less a margin of 1.4 s, it leaves 2.6 s for the worker. Allowed: 15 s and more.*");
    }

    [Fact]
    public async Task Without_renewals_the_place_is_lost_at_the_local_end()
    {
        await using var lease = await AcquireAsync();
        await _engine.ExecuteAsync("alter table fleet_places rename to away");

        _clock.Advance(_times.LocalEnd - TimeSpan.FromMilliseconds(1));
        lease.Lost.IsCancellationRequested.Should().BeFalse();
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        lease.Lost.IsCancellationRequested.Should().BeTrue();
    }

    [Fact]
    public async Task The_local_clock_starts_before_the_claim_is_sent()
    {
        var sent = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromSeconds(20));
        await using var lease = await AcquireAsync(sent);
        await _engine.ExecuteAsync("alter table fleet_places rename to away");

        _clock.Advance(_times.LocalEnd - TimeSpan.FromSeconds(20));

        lease.Lost.IsCancellationRequested.Should().BeTrue();
    }

    [Fact]
    public async Task Each_renewal_begins_it_anew()
    {
        await using var lease = await AcquireAsync();
        for (var renewal = 0; renewal < 20; renewal++)
        {
            var next = _clock.TimerSetAsync(_times.Renewal);
            _clock.Advance(_times.Renewal);
            await next.WaitAsync(Limit);
        }

        lease.Lost.IsCancellationRequested.Should().BeFalse();
    }

    [Fact]
    public async Task A_place_that_another_has_is_lost_before_the_next_connection()
    {
        await using var lease = await AcquireAsync();
        await _engine.AdvanceAsync(46);
        (await Claims.ClaimAsync("other", default)).Should().NotBeNull();

        // The clock of a paused virtual machine stood still.
        await lease.Invoking(lease => lease.CheckAsync(default).AsTask()).Should().ThrowAsync<FleetException>().WithMessage("Place 1 *isn't held any more*");

        lease.Lost.IsCancellationRequested.Should().BeTrue();
    }

    [Fact]
    public async Task A_place_that_a_live_stream_needs_is_asked_to_give_way()
    {
        await using var lease = await AcquireAsync();
        await new LiveTable(_engine.Database).ClaimAsync("studio", _times.Lease, TimeSpan.FromSeconds(2), default);

        await lease.CheckAsync(default);

        lease.GiveWay.IsCancellationRequested.Should().BeTrue();
        lease.Lost.IsCancellationRequested.Should().BeFalse();
    }

    [Fact]
    public async Task Giving_back_a_live_place_waits_no_longer_than_its_limit_for_a_database_that_is_silent()
    {
        await using var silent = new SilentDatabase();
        using var log = new RecordedLog();
        var table = new ClaimTable(silent);
        var key = new PlaceKey(1, PlaceKey.NewId());
        var place = new LivePlace(table, key, new Lease(table, key, _times, _clock.GetTimestamp(), _clock, log), _clock, log);

        var limit = _clock.TimerSetAsync(TimeSpan.FromSeconds(5));
        var disposal = place.DisposeAsync().AsTask();
        await limit.WaitAsync(Limit);
        _clock.Advance(TimeSpan.FromSeconds(5));
        await disposal.WaitAsync(Limit);

        log.Entries.Should().Contain(entry => entry.Text.Contains("place 1 is free when its lease is over", StringComparison.Ordinal));
    }

    private async Task<Lease> AcquireAsync(long? sent = null)
    {
        var claim = await Claims.ClaimAsync("a", default);
        return new Lease(Claims, claim!.Key, _times, sent ?? _clock.GetTimestamp(), _clock, NullLogger.Instance);
    }

    /// <summary>A database whose server takes what it is asked, and never answers.</summary>
    private sealed class SilentDatabase : FleetDatabase
    {
        public override Dialect Dialect => Dialect.Sqlite;

        public override async Task<T> RunAsync<T>(Func<Statements, Task<T>> work, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("It never answers.");
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
