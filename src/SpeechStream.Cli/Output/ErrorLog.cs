using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace SpeechStream.Cli.Output;

/// <summary>The library's log, or that of a gateway's web server, which <c>--verbose</c> shows on standard error.</summary>
internal static class ErrorLog
{
    public static ILoggingBuilder AddErrorLog(this ILoggingBuilder logging)
    {
        logging
            .SetMinimumLevel(LogLevel.Debug)

            // A gateway's web server logs whole addresses there, and browsers put the token into them.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)

            // The console decides by standard output whether colors are shown, and standard error may be a file.
            .AddSimpleConsole(console => (console.SingleLine, console.ColorBehavior) = (true, LoggerColorBehavior.Disabled))
            .Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        return logging;
    }
}
