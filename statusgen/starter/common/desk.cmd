@echo off
rem Opens the desk of this folder in your browser: double-click this file.
rem Close this window to close the desk. What you wrote is kept.
cd /d "%~dp0"
where statusgen >nul 2>nul
if not errorlevel 1 (
  statusgen desk
  goto end
)
py -m statusgen --version >nul 2>nul
if not errorlevel 1 (
  py -m statusgen desk
  goto end
)
where uv >nul 2>nul
if not errorlevel 1 (
  uv run --no-project --with-requirements requirements.txt statusgen desk
  goto end
)
echo statusgen is not installed on this computer yet. Install it once, in this folder:
echo   py -m pip install --user -r requirements.txt
:end
pause
