#include "cli/run.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "cli/commands.h"
#include "cli/terminal.h"

namespace torch2mlx::cli {
namespace {

struct Command {
  const char* name;
  int (*function)(Arguments, const Hooks&);
};

int help_command(Arguments args, const Hooks& hooks);

// `analyze INPUT` is `INPUT --analyze-only`.
int analyze_command(Arguments args, const Hooks& hooks) {
  args.emplace_back("--analyze-only");
  return convert_command(std::move(args), hooks);
}

constexpr Command commands[] = {
    {"analyze", analyze_command}, {"convert", convert_command}, {"help", help_command},
    {"inspect", inspect_command}, {"ops", ops_command},         {"restore", restore_command},
    {"verify", verify_command},
};

const Command* find_command(const Arguments& args) {
  const auto* command =
      std::ranges::find_if(commands, [&](const Command& c) { return !args.empty() && args[0] == c.name; });
  return command == std::end(commands) ? nullptr : command;
}

// `help`, `help COMMAND`.
int help_command(Arguments args, const Hooks& hooks) {
  const Command* command = args.empty() ? nullptr : find_command(args);
  if (args.size() > 1 || (!args.empty() && !command))
    throw CLI::ValidationError("help", "'" + args.back() + "' is no command");
  return command && command->function != help_command ? command->function({"--help"}, hooks)
                                                      : convert_command({"--help"}, hooks);
}

int dispatch(Arguments args, const Hooks& hooks) {
  const Command* command = find_command(args);
  if (!command) return convert_command(std::move(args), hooks);
  args.erase(args.begin());
  return command->function(std::move(args), hooks);
}

// Without any argument: what there is to say, and still a usage error for scripts.
void print_help(const Hooks& hooks) {
  try {
    convert_command({"--help"}, hooks);
  } catch (const CLI::CallForHelp&) {  // printed
  }
}

}  // namespace

int run(std::vector<std::string> args, const Hooks& hooks) {
  try {
    if (args.empty()) print_help(hooks);
    const int status = dispatch(std::move(args), hooks);
    if (std::fflush(stdout) != 0) throw std::system_error(errno, std::generic_category(), "standard output");
    return status;
  } catch (const CLI::CallForHelp&) {
    return 0;  // printed where the options are known
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return 0;
    std::fprintf(stderr, "torch2mlx: %s (hint: torch2mlx --help)\n", printable(error.what()).c_str());
    return 2;
  } catch (const Error& error) {
    print_error(error);
  } catch (const std::bad_alloc&) {
    print_error(Error(ErrorKind::input, "", "out of memory"));
  } catch (const std::system_error& error) {
    // Whoever read our output has seen enough: `torch2mlx ops | head`.
    if (error.code() != std::errc::broken_pipe) print_error(Error(ErrorKind::input, "", error.what()));
  } catch (const std::exception& error) {
    print_error(Error(ErrorKind::input, "", error.what()));
  }
  return 1;
}

}  // namespace torch2mlx::cli
