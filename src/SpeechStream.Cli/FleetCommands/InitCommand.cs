using System.CommandLine;
using SpeechStream.Cli.Options;
using SpeechStream.Fleet;

namespace SpeechStream.Cli.FleetCommands;

/// <summary><c>speechstream fleet init</c> and <c>quota</c>: the settings that all workers share.</summary>
internal sealed class InitCommand
{
    public Option<int?> QuotaOption { get; } = OptionValues.Count("--quota", "How many sessions the account may run at once, with all its app keys together: 2 in a trial, 200 commercially.");

    private readonly Option<double?> _lease = OptionValues.Time(
        "--lease", "SECONDS", "How long a worker may be silent before others take over. Default 45. Allowed: one and a half times the idle limit or more, so 15.");

    private readonly Option<double?> _idleLimit = OptionValues.Time("--idle-limit", "SECONDS", "How long the service keeps the session of a client that is silent. Default 10, as NLS has it; DashScope: 23.");

    private readonly Option<int?> _reserve = new("--live-reserve") { Description = "How many sessions of the quota are kept free for live streams. Default 0.", HelpName = "N" };

    private readonly Option<int?> _attempts = OptionValues.Count("--max-attempts", "After how many attempts without a final in between a recording is set aside. Default 3.");

    public InitCommand() => _reserve.Validators.Add(result => OptionValues.RequireNumber(result, _reserve.Name, 0));

    public static Command Create(FleetContext context)
    {
        var init = new InitCommand();
        init.QuotaOption.Required = true;
        var command = new Command("init", "Set the fleet up: create its tables, and set its quota. Does no harm when it is repeated.");
        init.AddTo(command);
        command.SetAction((parsed, cancellationToken) => context.RunAsync(parsed, async fleet =>
        {
            await fleet.InitializeAsync(init.SettingsOf(parsed), cancellationToken).ConfigureAwait(false);
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    public static Command Quota(FleetContext context)
    {
        var quota = new Argument<int?>("N") { Description = "The new quota. Default: it is only shown.", Arity = ArgumentArity.ZeroOrOne };
        quota.Validators.Add(result => OptionValues.RequireNumber(result, quota.Name, 1));
        var init = new InitCommand();
        var command = new Command("quota", "Show or change the quota. With a smaller one, sessions above it finish their recordings.") { quota, init._reserve };
        command.SetAction((parsed, cancellationToken) => context.RunAsync(parsed, async fleet =>
        {
            var settings = await fleet.ReadSettingsAsync(cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(quota) is { } number)
            {
                await fleet.SetQuotaAsync(number, parsed.GetValue(init._reserve), cancellationToken).ConfigureAwait(false);
            }
            else if (parsed.GetValue(init._reserve) is { } reserve)
            {
                await fleet.SetQuotaAsync(settings.Quota, reserve, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                context.Screen.WriteLine(FormattableString.Invariant($"{settings.Quota}"));
            }

            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[QuotaOption, _lease, _idleLimit, _reserve, _attempts])
        {
            command.Options.Add(option);
        }
    }

    public FleetSettings SettingsOf(ParseResult parsed)
    {
        var settings = new FleetSettings();
        settings.Quota = parsed.GetValue(QuotaOption) ?? settings.Quota;
        settings.Lease = Time(_lease) ?? settings.Lease;
        settings.IdleLimit = Time(_idleLimit) ?? settings.IdleLimit;
        settings.LiveReserve = parsed.GetValue(_reserve) ?? settings.LiveReserve;
        settings.MaxAttempts = parsed.GetValue(_attempts) ?? settings.MaxAttempts;
        return settings;

        TimeSpan? Time(Option<double?> option) => parsed.GetValue(option) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
    }
}
