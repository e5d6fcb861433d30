using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace SpeechStream.Hosting;

/// <summary>Reads the options of a client from its configuration section, and validates them. Messages name the keys of the section.</summary>
/// <remarks>
/// The section is read by hand. The generated binder was tried: it can't create a credential or find a region by its name, it warns of each option that
/// only code can set, and its messages give no example of a valid value.
/// </remarks>
/// <param name="name">Name of the options; empty for the client without a name.</param>
/// <param name="section">Null when the options come from code only.</param>
internal sealed class OptionsSection(string name, IConfiguration? section) : IValidateOptions<SpeechStreamClientOptions>
{
    private readonly string _prefix = section is IConfigurationSection { Path: var path } ? path + ":" : "";

    /// <summary>Sets what the section has. Values that can't be used change nothing here, and are reported by <see cref="Validate"/> together with all others.</summary>
    public void Bind(SpeechStreamClientOptions options)
    {
        if (section is not null)
        {
            Read(new SectionReader(section, new OptionRange()), options);
        }
    }

    public ValidateOptionsResult Validate(string? optionsName, SpeechStreamClientOptions options)
    {
        if ((optionsName ?? "") != name)
        {
            return ValidateOptionsResult.Skip;
        }

        var range = new OptionRange();
        var failures = section is null ? CheckCode(range, options) : CheckSection(section, range, options);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static List<string> CheckCode(OptionRange range, SpeechStreamClientOptions options)
    {
        options.Check(range);
        return [.. range.Problems.Select(problem => problem.Message)];
    }

    private static void Read(SectionReader reader, SpeechStreamClientOptions options)
    {
        options.AppKey = reader.Text(nameof(options.AppKey)) ?? options.AppKey;
        options.Credential = reader.Credential() ?? options.Credential;
        if (reader.Endpoint(nameof(options.Endpoint)) is { } endpoint)
        {
            // An address that is only the default must not be kept: the credential decides it, and code may still change that.
            options.Endpoint = endpoint;
        }

        options.ConnectTimeout = reader.Read(nameof(options.ConnectTimeout), options.ConnectTimeout);
        options.StartTimeout = reader.Read(nameof(options.StartTimeout), options.StartTimeout);
        options.StopTimeout = reader.Read(nameof(options.StopTimeout), options.StopTimeout);
        options.PingInterval = reader.Read(nameof(options.PingInterval), options.PingInterval);
        options.PingTimeout = reader.Read(nameof(options.PingTimeout), options.PingTimeout);
        options.MaxReconnectAttempts = reader.Read(nameof(options.MaxReconnectAttempts), options.MaxReconnectAttempts);
        options.ReconnectDelay = reader.Read(nameof(options.ReconnectDelay), options.ReconnectDelay);
        options.MaxReconnectDelay = reader.Read(nameof(options.MaxReconnectDelay), options.MaxReconnectDelay);
        options.ReplayWindow = reader.Read(nameof(options.ReplayWindow), options.ReplayWindow);
        options.EventCapacity = reader.Read(nameof(options.EventCapacity), options.EventCapacity);
        options.MaxMessageBytes = reader.Read(nameof(options.MaxMessageBytes), options.MaxMessageBytes);
        options.AllowInsecure = reader.Read(nameof(options.AllowInsecure), options.AllowInsecure);
        options.MaxConcurrentSessions = reader.ReadOptional(nameof(options.MaxConcurrentSessions), options.MaxConcurrentSessions);
        options.SessionDefaults = new SessionDefaultsSection(reader).Bind(options.SessionDefaults);
    }

    /// <summary>Reads the section again for what is wrong in it, since the options themselves can't hold that, and adds what is wrong with the options.</summary>
    private List<string> CheckSection(IConfiguration section, OptionRange range, SpeechStreamClientOptions options)
    {
        var reader = new SectionReader(section, range);
        Read(reader, new SpeechStreamClientOptions());
        options.Check(range);
        var problems = range.Problems.Where(problem => !(problem.Option == nameof(options.Credential) && reader.HasWrongCredential));
        return [.. problems.Select(Message), .. new SectionKeys(reader.Keys).ProblemsOf(section)];
    }

    private string Message(OptionProblem problem) => problem.Option switch
    {
        nameof(SpeechStreamClientOptions.Credential) => $"{_prefix}Token is missing. Set it, or AccessKeyId and AccessKeySecret, or ApiKey for DashScope.",
        "tokenEndpoint" => $"{_prefix}TokenEndpoint {problem.Text}",
        var option => $"{_prefix}{option.Replace('.', ':')} {problem.Text}",
    };
}
