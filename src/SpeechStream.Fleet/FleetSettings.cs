namespace SpeechStream.Fleet;

/// <summary>The settings of a fleet, which are in its database and the same for all of its workers.</summary>
/// <example>
/// <code>
/// await fleet.InitializeAsync(new FleetSettings { Quota = 200 });
/// </code>
/// </example>
public sealed record FleetSettings
{
    private const double ShortestLease = 1.5;

    /// <summary>How many sessions the account may run at once. It is shared by all app keys of the account, so one account has one fleet.</summary>
    /// <value>Default 2, as a trial account; a commercial one has 200. Allowed: 1 to 10,000.</value>
    public int Quota { get; set; } = 2;

    /// <summary>How many sessions of the quota are kept free for live streams. Recordings never use them.</summary>
    /// <value>Default 0. Allowed: 0 to less than <see cref="Quota"/>.</value>
    public int LiveReserve { get; set; }

    /// <summary>How long a place of the quota stays with a worker that is silent. Another goes on with its recording when this is over.</summary>
    /// <remarks>
    /// The worker's own clock ends its sessions earlier: by <see cref="IdleLimit"/>, in which the service ends the session of a frozen worker, and by a margin, the lesser
    /// of 5 s and a tenth of the lease. The lease is renewed every sixth of what is left.
    /// </remarks>
    /// <value>Default 45 s. Allowed: one and a half times <see cref="IdleLimit"/> (15 s) to 1 h.</value>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>How long the service keeps the session of a client that is silent.</summary>
    /// <value>Default 10 s, as NLS has it; 23 s is DashScope's. Allowed: 100 ms to 1 min.</value>
    public TimeSpan IdleLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>After how many attempts without a final result in between a recording is set aside as poison.</summary>
    /// <value>Default 3. Allowed: 1 to 100.</value>
    public int MaxAttempts { get; set; } = 3;

    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal void Validate()
    {
        Check(Quota is >= 1 and <= 10_000, $"Quota is {Quota}. Allowed: 1 to 10,000.", nameof(Quota));
        Check(LiveReserve >= 0 && LiveReserve < Quota, $"LiveReserve is {LiveReserve}. Allowed: 0 to {Quota - 1}, which is less than Quota.", nameof(LiveReserve));
        Check(MaxAttempts is >= 1 and <= 100, $"MaxAttempts is {MaxAttempts}. Allowed: 1 to 100.", nameof(MaxAttempts));
        Check(IdleLimit >= TimeSpan.FromMilliseconds(100) && IdleLimit <= TimeSpan.FromMinutes(1), $"IdleLimit is {Seconds(IdleLimit)}. Allowed: 0.1 s to 60 s.", nameof(IdleLimit));
        Check(Lease <= TimeSpan.FromHours(1), $"Lease is {Seconds(Lease)}. Allowed: up to 3600 s.", nameof(Lease));
        var margin = Places.LeaseTimes.MarginOf(Lease);
        Check(
            Lease >= ShortestLease * IdleLimit,
            $"Lease is {Seconds(Lease)}, and too short: less {Seconds(IdleLimit)}, in which the service ends the session of a frozen worker, and less a margin of {Seconds(margin)}, it leaves {Seconds(Lease - IdleLimit - margin)} for the worker. Allowed: {Seconds(ShortestLease * IdleLimit)} and more.",
            nameof(Lease));
    }

    private static void Check(bool isRight, string message, string name)
    {
        if (!isRight)
        {
            throw new ArgumentException(message, name);
        }
    }

    private static string Seconds(TimeSpan time) => FormattableString.Invariant($"{time.TotalSeconds:0.###} s");
}
