using System.Globalization;

namespace SpeechStream.Tests.Simulation;

/// <summary>
/// Random losses, refusals, pauses, delays and buffers, and a service that answers late, in another order, or not at all.
/// SPEECHSTREAM_SCHEDULES sets how many, SPEECHSTREAM_SEED replays one.
/// </summary>
public abstract class RandomScheduleTests : BothServices
{
    private protected RandomScheduleTests(SpeechService service)
        : base(service)
    {
    }

    private static readonly int Schedules = Setting("SPEECHSTREAM_SCHEDULES") ?? 500;

    [Fact]
    public void Every_byte_is_in_one_final_or_one_reported_gap()
    {
        int[] seeds = Setting("SPEECHSTREAM_SEED") is { } replayed ? [replayed] : [.. Enumerable.Range(Setting("SPEECHSTREAM_FIRST_SEED") ?? 1, Schedules)];
        foreach (var seed in seeds)
        {
            try
            {
                new Schedule(seed).Run();
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Schedule {seed} failed; set SPEECHSTREAM_SEED={seed} to replay it.", exception);
            }
        }
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : null;
}

public sealed class RandomScheduleTestsWithNls() : RandomScheduleTests(SpeechService.Nls);

public sealed class RandomScheduleTestsWithDashScope() : RandomScheduleTests(SpeechService.DashScope);
