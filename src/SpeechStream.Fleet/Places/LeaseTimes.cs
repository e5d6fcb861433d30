namespace SpeechStream.Fleet.Places;

/// <summary>The times of a lease. Only the clock of the database judges when <see cref="Lease"/> is over; the worker's own clock ends its session earlier.</summary>
/// <param name="Lease">How long the place stays with a silent worker.</param>
/// <param name="LocalEnd">How long after the last renewal was sent the worker ends its session. Then the service still has its idle limit, and a margin is left.</param>
internal readonly record struct LeaseTimes(TimeSpan Lease, TimeSpan LocalEnd)
{
    private const int RenewalsInLocalEnd = 6;

    private static readonly TimeSpan LongestMargin = TimeSpan.FromSeconds(5);

    /// <summary>How long a place is held after its session was aborted: the service may notice that a little later.</summary>
    public static TimeSpan HoldAfterAbort { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The time from one renewal to the next, in whole milliseconds.</summary>
    public TimeSpan Renewal => TimeSpan.FromMilliseconds((long)(LocalEnd / RenewalsInLocalEnd).TotalMilliseconds);

    public static LeaseTimes Of(FleetSettings settings) => new(settings.Lease, settings.Lease - settings.IdleLimit - MarginOf(settings.Lease));

    public static LeaseTimes Of(long lease, long idleLimit) => Of(new FleetSettings { Lease = TimeSpan.FromMilliseconds(lease), IdleLimit = TimeSpan.FromMilliseconds(idleLimit) });

    /// <summary>For clocks that run at different speeds, and for what is on its way.</summary>
    public static TimeSpan MarginOf(TimeSpan lease) => lease / 10 < LongestMargin ? lease / 10 : LongestMargin;
}
