using SpeechStream.Fleet.Database;
using SpeechStream.Fleet.Places;
using SpeechStream.Fleet.Recordings;
using SpeechStream.Fleet.Tests.Engines;

namespace SpeechStream.Fleet.Tests.Contract;

/// <summary>The clock that judges leases is set forward, as by a machine that learns the time late.</summary>
public sealed class ClockTests : IAsyncLifetime
{
    private static readonly LeaseTimes Times = LeaseTimes.Of(new FleetSettings());

    private readonly SqliteEngine _engine = new();
    private readonly ManualTimeProvider _passed = new();
    private ClaimTable _claims = null!;

    public async ValueTask InitializeAsync()
    {
        await new Schema(_engine.Database).InitializeAsync(new FleetSettings { Quota = 2 }, default);
        await new JobTable(_engine.Database).SubmitAsync([Recording.FromFile("a.wav"), Recording.FromFile("b.wav")], default);
        _claims = new ClaimTable(_engine.Database, _passed);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Whoever_holds_a_place_keeps_it_when_the_clock_is_set_forward()
    {
        var held = await _claims.ClaimAsync("a", default);
        await _engine.AdvanceAsync(TimeSpan.FromHours(1));

        (await _claims.ClaimAsync("b", default)).Should().BeNull("all leases seem to be over");
        await PassAsync(Times.Renewal);
        (await _claims.RenewAsync(held!.Key, Times.Lease, default)).Should().BeFalse("it is held");
        await PassAsync(Times.Renewal);

        (await _claims.ClaimAsync("b", default))!.Job.Should().Be("b.wav");
    }

    [Fact]
    public async Task A_place_is_taken_at_once_when_the_time_has_passed()
    {
        await _claims.ClaimAsync("a", default);
        await PassAsync(TimeSpan.FromHours(1));

        (await _claims.ClaimAsync("b", default))!.Job.Should().Be("a.wav");
    }

    private Task PassAsync(TimeSpan time)
    {
        _passed.Advance(time);
        return _engine.AdvanceAsync(time);
    }
}
